"""Settings of the servers: web, stream, mail, inventory and playlists."""

from samples.made import Made, made
from samples.network import Network, Station


def _file(*lines: str, mime: str = "text/plain") -> Made:
    return made(("\n".join(lines) + "\n").encode(), mime)


def nginx(site: str, upstream: str) -> Made:
    """Return a server block of nginx."""
    return _file(
        "server {", "  listen 443 ssl;", f"  server_name {site};", f"  root /var/www/{site};",
        f"  ssl_certificate /etc/ssl/certs/{site}.pem;", f"  ssl_certificate_key /etc/ssl/private/{site}.key;",
        f"  location /live {{ proxy_pass http://{upstream}:8000; }}", "}",
    )  # fmt: skip


def apache(site: str, admin: str) -> Made:
    """Return a virtual host of Apache."""
    return _file(
        "<VirtualHost *:80>", f"  ServerName {site}", f"  ServerAdmin {admin}", f"  DocumentRoot /srv/{site}",
        f"  CustomLog /var/log/apache2/{site}.log combined", "</VirtualHost>",
    )  # fmt: skip


def icecast(station: Station, network: Network, password: str) -> Made:
    """Return a stream server's configuration: a mount for each language, relayed from the first host."""
    mounts = [f"  <mount><mount-name>/{code}.ogg</mount-name></mount>" for code in station.names]
    return _file(
        "<icecast>", f"  <hostname>{station.domain}</hostname>", f"  <admin>{network.operators[0].email}</admin>",
        f"  <authentication><source-password>{password}</source-password></authentication>",
        f"  <relay><server>{network.server('mirror').ip}</server><port>8000</port></relay>", *mounts, "</icecast>",
        mime="application/xml",
    )  # fmt: skip


def postfix(network: Network) -> Made:
    """Return the mail server's main settings."""
    return _file(
        f"myhostname = {network.server('mail').host}", f"mydomain = {network.domain}", "home_mailbox = Maildir/",
        f"mynetworks = 127.0.0.0/8, {', '.join(server.ip for server in network.servers)}",
    )  # fmt: skip


def inventory(network: Network) -> Made:
    """Return the administrator's list of hosts."""
    return _file(*(f"[{server.role}]\n{server.host} ansible_host={server.ip} ansible_user={server.operator} "
                   f"country={server.country} ipv6={server.ip6}\n" for server in network.servers))  # fmt: skip


def playlist(names: list[str]) -> Made:
    """Return an M3U playlist."""
    return _file(
        "#EXTM3U", *(f"#EXTINF:10,{name}\n/srv/audio/{name}" for name in names), mime="audio/x-mpegurl"
    )
