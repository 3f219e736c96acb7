# A container with one volume: attributes, a hard link, a long directory, a snapshot, and what was moved since.
# The module of linux-apfs-rw cannot remove what a snapshot holds.
modprobe apfs
disks 512M
mkapfs -L club -U $UUID -u $UUID $D0
mount -t apfs -o readwrite $D0 /m
for each in readme.txt empty tail.bin link.txt новости برامج; do cp -a /contents/$each /m/; done
mkdir /m/log
head -c 20000 /contents/log/hovering.txt > /m/log/hovering.txt
echo before the hole > /m/hollow.bin
truncate -s 100000 /m/hollow.bin
setfattr -n osx.user.note -v "seen at the weir" /m/readme.txt
ln /m/readme.txt /m/log/again.txt
mkdir /m/many
number=0
while [ $number -lt 30 ]; do
    echo "note $number" > "/m/many/a note with a name of some length $number.txt"
    number=$((number + 1))
done
rm /m/many/*7.txt
touch -d '2026-03-01 10:00:00' /m /m/log/* /m/log /m/many/* /m/many
sync
truth /m before
apfs-snap /m before
mv /m/readme.txt /m/welcome.txt
sync
truth /m volume
umount /m
