# A classic snapshot: the origin was written on since, and the snapshot too.
disks 24M
pvcreate -q --metadatasize 128k --dataalignment 256k $D0
vgcreate -q -s 256k club $D0
lvcreate -q -y -Zn -l 50 -n log club
ext /dev/mapper/club-log log
lvcreate -q -y -s -c 4k -l 20 -n before club/log
mount -t ext4 /dev/mapper/club-log /m
echo 'written since' > /m/since.txt
rm /m/readme.txt
sync
truth /m log
umount /m
mount -t ext4 /dev/mapper/club-before /m2
echo 'on the snapshot' > /m2/snapshot.txt
sync
truth /m2 before
umount /m2
