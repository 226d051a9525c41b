package dev.reeve.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The cheapest MCP server (2026-07-28) that is still one: it finds the id and the method, and answers from a template. */
final class BenchUpstream {
    private static final Pattern ID = Pattern.compile("\"id\":(\\d+|\"[^\"]{1,100}\")");
    private static final String PADDING = "x".repeat(380);
    private static final String COMMON = "\"resultType\":\"complete\"";
    private static final String CACHE = COMMON + ",\"ttlMs\":0,\"cacheScope\":\"private\"";

    private BenchUpstream() {}

    /**
     * Prints the port it listens on, then serves until it is killed.
     *
     * @param args nothing, or the files of certificate and key, for HTTPS; or {@code stdio}, for lines on its pipes and no port
     */
    public static void main(String[] args) throws InterruptedException, IOException {
        if (args.length == 1) {
            lines();
            return;
        }
        Optional<SslContext> tls = args.length == 2
                ? Optional.of(SslContextBuilder.forServer(new File(args[0]), new File(args[1]))
                        .build())
                : Optional.empty();
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        Channel channel = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel child) {
                        tls.ifPresent(it -> child.pipeline().addLast(it.newHandler(child.alloc())));
                        child.pipeline()
                                .addLast(new HttpServerCodec(), new HttpObjectAggregator(1 << 20), new Answers());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
        System.out.println(((InetSocketAddress) channel.localAddress()).getPort());
        channel.closeFuture().sync();
    }

    /** The answer to a request, as text. */
    static String answer(String request) {
        return Answers.answer(request);
    }

    private static void lines() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.contains("\"id\":")) {
                out.write((Answers.answer(line) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static final class Answers extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            String body = request.content().toString(StandardCharsets.UTF_8);
            String answer = answer(body);
            DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.copiedBuffer(answer, StandardCharsets.UTF_8));
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                    .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
            context.writeAndFlush(response, context.voidPromise());
        }

        static String answer(String body) {
            Matcher id = ID.matcher(body);
            return "{\"jsonrpc\":\"2.0\",\"id\":" + (id.find() ? id.group(1) : "null") + ",\"result\":" + result(body)
                    + "}";
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.channel().close().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }

        private static String result(String body) {
            if (body.contains("\"tools/call\"")) {
                return "{" + COMMON + ",\"content\":[{\"type\":\"text\",\"text\":\"" + PADDING
                        + "\"}],\"isError\":false}";
            }
            if (body.contains("\"tools/list\"")) {
                return "{" + CACHE
                        + ",\"tools\":[{\"name\":\"lookup\",\"description\":\"Looks something up.\",\"inputSchema\":{\"type\":\"object\","
                        + "\"properties\":{\"customer\":{\"type\":\"string\"},\"limit\":{\"type\":\"integer\"},\"note\":{\"type\":\"string\"}},"
                        + "\"required\":[\"customer\"]}}]}";
            }
            return "{" + CACHE + ",\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{}}}";
        }
    }
}
