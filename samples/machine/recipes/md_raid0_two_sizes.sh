# Stripes over disks of two sizes: behind the end of the smaller the larger go on alone.
disks 6M 12M 12M
mdadm --create /dev/md0 --run --level=0 --raid-devices=3 --metadata=1.2 --chunk=64 \
    --name=club --homehost=kestrel --uuid=$UUID $D0 $D1 $D2
ext /dev/md0 array
