package dev.reeve.guard;

import java.util.List;
import java.util.stream.Stream;

/** Words that say what a number near them is. */
enum Hint {
    CARD(
            "card cardnumber cardno creditcard visa mastercard amex credit debit pan kreditkarte carte tarjeta kartennummer"),
    SSN("ssn ssns social+security social-security social_security"),
    ITIN("itin taxpayer"),
    NINO("nino national+insurance national_insurance ni+number ni_number ni+no"),
    NHS("nhs nhs_number"),
    TAX_DE(
            "steuer idnr steueridentifikationsnummer tax+id tax_id taxid tax+number tin steuerid steuernummer identifikationsnummer"),
    DNI("dni nif documento identidad"),
    BSN("bsn burgerservice burgerservicenummer sofinummer"),
    PHONE(
            "phone telephone tel mobile cell fax telefon handy handynummer mobil telefonnummer telefoon whatsapp sms telefono"),
    BIRTH(
            "birth birthday dob born geburt geburtsdatum geboren naissance nacimiento nascita geboorte bday date_of_birth"),
    VERSION("version ver release"),
    /** What is counted on in ordinary work: a long number beside it is no card. */
    ORDINARY(
            "id order timestamp time ts trace span ref reference sku serial nonce seq sequence epoch hash tracking offset txn transaction"
                    + " invoice isbn ean upc gtin barcode imei snowflake bytes size count ticket number");

    private final String words;

    Hint(String words) {
        this.words = words;
    }

    List<String> words() {
        return Stream.of(words.split(" ", -1))
                .map(word -> word.replace('+', ' '))
                .toList();
    }
}
