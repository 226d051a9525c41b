# The quick way of `reeve hook`: what dev.reeve.connector.HookMain does, without a JVM, which would take most of the time. Only the plain
# case: the line that `reeve connect` writes, and a server that runs and lets it in. Ends with 75, before it has read anything of the event,
# wherever something is otherwise: then the script starts HookMain, which knows all cases, starts a server and says what is wrong.
# From the first byte of the event on it is this answer or a refusal (2).
use strict;
use warnings;

use constant { OTHERWISE => 75, REFUSED => 2, PATIENCE => 25, LARGEST => ( 4 << 20 ) - 1, ANSWER => 1 << 16, SMALL => 1 << 20 };

sub otherwise { exit OTHERWISE }

sub refuse {
    print STDERR "Reeve did not allow this, because it could not decide: $_[0]\n"
      . "Nothing is allowed until it can: tell your user, who finds out with `reeve doctor`.\n";
    exit REFUSED;
}

eval { require Socket; require Cwd; 1 } or otherwise();
my $word = qr/\A[A-Za-z0-9_.-]{1,200}\z/;
my ( $hook, $client, %option ) = @ARGV % 2 ? () : @ARGV;
otherwise() unless @ARGV == 6 && $hook eq 'hook' && $client =~ $word && $client !~ /\A-/;
my ( $home, $agent ) = @option{ '--home', '--as' };
otherwise() unless defined $home && defined $agent && $agent =~ $word && -d $home;
$home = Cwd::realpath($home);

sub content {
    my ( $file, $most ) = @_;
    open my $in, '<:raw', $file or return;
    my $count = read $in, my $text, $most + 1;
    return defined $count && $count <= $most ? $text : undef;
}

# A text at the top level of reeve.yaml; one that is quoted is left to the other way.
my $settings = content( "$home/reeve.yaml", SMALL );
otherwise() unless defined $settings;

sub folder {
    my ( $key, $default ) = @_;
    return $default unless $settings =~ /^\Q$key\E:(.*)$/m;
    my ($value) = $1 =~ m{\A[ \t]+([A-Za-z0-9_./-]+)[ \t]*\r?\z} or otherwise();
    return $value =~ m{\A/} ? $value : "$home/$value";
}
my $xdg  = $ENV{XDG_CONFIG_HOME} // '';
my $user = $xdg =~ m{\A/} ? $xdg : ( $ENV{HOME} || '/' ) . '/.config';
my $data = folder( 'data', "$home/reeve-data" );
my $keys = folder( 'keys', "$user/reeve" );

my $secret;
opendir my $registrations, "$keys/connectors" or otherwise();
for my $name ( grep { /\A\Q$agent\E-[0-9a-f]+\z/ } readdir $registrations ) {
    my $text = content( "$keys/connectors/$name", 8192 ) // '';
    my ( $of, $who, $token ) = $text =~ /\Ahome ([^\n]*)\nagent ([^\n]*)\nsecret ([A-Za-z0-9_.-]{1,256})\n\z/ or otherwise();
    $secret = $token if $of eq $home && $who eq $agent;
}
otherwise() unless defined $secret;

$SIG{PIPE} = 'IGNORE';
$SIG{ALRM} = sub {
    print STDERR "Reeve did not allow this: it did not answer in time. `reeve status` says how it is.\n";
    exit REFUSED;
};
alarm PATIENCE;

my $server;
eval {
    socket( $server, Socket::AF_UNIX(), Socket::SOCK_STREAM(), 0 )
      && connect( $server, Socket::pack_sockaddr_un("$data/connector.sock") );
} or otherwise();

sub send_all {
    my ($bytes) = @_;
    my $sent = 0;
    while ( $sent < length $bytes ) {
        my $count = syswrite $server, $bytes, length($bytes) - $sent, $sent;
        return 0 unless defined $count;
        $sent += $count;
    }
    return 1;
}

# One line without its end, or what came of it before the other end closed.
sub line_of {
    my ($most) = @_;
    my $line = '';
    while ( length $line < $most && index( $line, "\n" ) < 0 ) {
        my $count = sysread $server, $line, $most - length $line, length $line;
        last unless $count;
    }
    return $line;
}
my $instance = $$ . '-' . time;
send_all("reeve-connector/1 $secret .hook.$client $instance\n") && line_of(1024) eq "ok\n" or otherwise();

binmode STDIN;
my $event = '';
while ( length $event <= LARGEST ) {
    my $count = sysread STDIN, $event, LARGEST + 1 - length $event, length $event;
    refuse('the event cannot be read') unless defined $count;
    last unless $count;
}
refuse('the event has more than 4 MB') if length $event > LARGEST;
$event =~ tr/\r\n/  /;    # a line end in JSON is only space between its parts
send_all("$event\n") && shutdown( $server, 1 ) or refuse('the connection to `reeve serve` failed');

my ( $exit, $to, $text ) = line_of(ANSWER) =~ /\A(0|2) (o|e) ([^\n]*\n)\z/
  or refuse('`reeve serve` gave no answer; its log says why');
refuse('`reeve serve` gave no answer; its log says why') unless "$exit$to" eq '0o' || "$exit$to" eq '2e';
$text =~ tr/\x01/\n/;
my $out = $to eq 'o' ? \*STDOUT : \*STDERR;
binmode $out;
( print {$out} $text ) && close $out or exit REFUSED;
exit $exit;
