# A volume over two physical volumes, and a second one behind it.
disks 16M 16M
pvcreate -q --metadatasize 128k --dataalignment 256k $D0 $D1
vgcreate -q -s 256k club $D0 $D1
lvcreate -q -y -Zn -l 80 -n log club
lvcreate -q -y -Zn -l 30 -n notes club
ext /dev/mapper/club-log log
ext /dev/mapper/club-notes notes
