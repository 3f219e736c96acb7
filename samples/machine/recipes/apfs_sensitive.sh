# A container whose volume tells capital letters apart; a file that was open while its name was removed; one just removed.
modprobe apfs
disks 512M
mkapfs -s -L Club -U $UUID -u $UUID $D0
mount -t apfs -o readwrite $D0 /m
for each in readme.txt empty tail.bin link.txt новости; do cp -a /contents/$each /m/; done
echo "capital" > /m/README.TXT
mkfifo /m/pipe
mkdir /m/log
head -c 20000 /contents/log/hovering.txt > /m/log/hovering.txt
sync
exec 5< /m/log/hovering.txt
rm /m/log/hovering.txt
touch -d '2026-03-01 10:00:00' /m/log
sync
truth /m volume
echo "removed in the end" > /m/log/gone.txt
sync
rm /m/log/gone.txt
touch -d '2026-03-01 10:00:00' /m/log
sync
dd if=$D0 of=/t/copy.raw bs=1M
exec 5<&-
umount /m
losetup -d $D0
mv /t/copy.raw /t/disk0.raw
