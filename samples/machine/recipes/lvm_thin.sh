# A thin pool with two thin volumes, and a thin snapshot of one that was written on since.
disks 24M 24M
pvcreate -q --metadatasize 128k --dataalignment 256k $D0 $D1
vgcreate -q -s 256k club $D0 $D1
lvcreate -q -y -Zn --type thin-pool -c 64k --poolmetadatasize 2m --poolmetadataspare n -l 90 -n pool club
lvcreate -q -y -V 12m --thinpool pool -n log club
lvcreate -q -y -V 12m --thinpool pool -n notes club
ext /dev/mapper/club-log log
ext /dev/mapper/club-notes notes
lvcreate -q -y -s -kn -n before club/log
mkdir -p /m2
mount -t ext4 -o ro,noload /dev/mapper/club-before /m2
truth /m2 before
umount /m2
mount -t ext4 /dev/mapper/club-log /m
echo 'written since' > /m/since.txt
rm /m/readme.txt
sync
truth /m log
umount /m
