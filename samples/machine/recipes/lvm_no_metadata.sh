# Two physical volumes, one without a metadata area.
disks 16M 16M
pvcreate -q --metadatasize 128k --dataalignment 256k $D0
pvcreate -q --metadatacopies 0 --dataalignment 256k $D1
vgcreate -q -s 256k club $D0 $D1
lvcreate -q -y -Zn -l 80 -n log club
ext /dev/mapper/club-log log
