package dev.reeve.tls;

import dev.reeve.secrets.Secret;
import dev.reeve.tls.Pem.Block;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Reads a private key: RSA or EC, as PKCS#8 (RFC 5958), encrypted PKCS#8 with a password, PKCS#1 or SEC1.
 *
 * <p>Security guarantees: no byte of a key and no password is ever in a message.
 */
final class PrivateKeys {
    private static final List<String> ALGORITHMS = List.of("EC", "RSA");
    private static final String CONVERT = "openssl pkcs8 -topk8 -nodes -in OLD -out NEW && chmod 600 NEW";

    private PrivateKeys() {}

    static PrivateKey read(Path path, byte[] file, Optional<Secret> password) throws BadTlsException {
        List<Block> keys = Pem.blocks(path, file).stream()
                .filter(block -> block.label().endsWith("PRIVATE KEY"))
                .toList();
        if (keys.size() != 1) {
            throw new BadTlsException(
                    "`" + path + "` holds " + (keys.isEmpty() ? "no private key" : "several private keys"),
                    "name the file with the one key of the certificate");
        }
        return key(path, pkcs8(path, keys.getFirst(), password));
    }

    private static byte[] pkcs8(Path path, Block block, Optional<Secret> password) throws BadTlsException {
        return switch (block.label()) {
            case "PRIVATE KEY" -> block.bytes();
            case "RSA PRIVATE KEY" -> Der.fromPkcs1(block.bytes());
            case "EC PRIVATE KEY" ->
                Der.fromSec1(block.bytes())
                        .orElseThrow(
                                () -> new BadTlsException("`" + path + "` does not say which curve it is on", CONVERT));
            case "ENCRYPTED PRIVATE KEY" ->
                decrypted(
                        path,
                        block.bytes(),
                        password.orElseThrow(
                                () -> new BadTlsException(
                                        "the private key `" + path + "` is encrypted",
                                        "write `key_password: { secret: NAME }` beside it and the password into secrets.yaml")));
            default ->
                throw new BadTlsException("`" + path + "` holds a " + block.label() + ", which is not read", CONVERT);
        };
    }

    private static byte[] decrypted(Path path, byte[] encrypted, Secret password) throws BadTlsException {
        char[] characters = password.exposeTextInsecurely().toCharArray();
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encrypted);
            // The JDK names the scheme of PBES2 only as the text of its parameters.
            String scheme =
                    info.getAlgName().equals("PBES2") ? info.getAlgParameters().toString() : info.getAlgName();
            Cipher cipher = Cipher.getInstance(scheme);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(scheme).generateSecret(new PBEKeySpec(characters)),
                    info.getAlgParameters());
            return info.getKeySpec(cipher).getEncoded();
        } catch (InvalidKeySpecException | java.security.InvalidKeyException e) {
            throw new BadTlsException("the password of the private key `" + path + "` is wrong", "");
        } catch (IOException | GeneralSecurityException e) {
            throw new BadTlsException(
                    "the private key `" + path + "` is encrypted in a way that is not read",
                    "openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -in OLD -out NEW");
        } finally {
            Arrays.fill(characters, '\0');
        }
    }

    private static PrivateKey key(Path path, byte[] pkcs8) throws BadTlsException {
        return ALGORITHMS.stream()
                .flatMap(algorithm -> key(algorithm, pkcs8).stream())
                .findFirst()
                .orElseThrow(() -> new BadTlsException(
                        "`" + path + "` holds a key that is neither RSA nor EC",
                        "make an EC key: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out NEW"));
    }

    private static Optional<PrivateKey> key(String algorithm, byte[] pkcs8) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
        } catch (GeneralSecurityException e) {
            // Another one may fit.
            return Optional.empty();
        }
    }
}
