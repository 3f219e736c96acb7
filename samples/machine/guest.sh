#!/bin/busybox sh
# What the virtual machine runs: every recipe on empty disks of its own; disks and truths go to the shared folder.
/bin/busybox --install -s /bin
export PATH=/sbin:/bin:/usr/sbin:/usr/bin LC_ALL=C.UTF-8 TZ=UTC LVM_SUPPRESS_FD_WARNINGS=1
mount -t proc none /proc; mount -t sysfs none /sys; mount -t devtmpfs none /dev; mount -t tmpfs -o size=1500m none /t
echo /bin/modprobe > /proc/sys/kernel/modprobe
ln -sf /proc/mounts /etc/mtab
for each in crc32c_generic xxhash_generic sha256_generic blake2b_generic virtio_pci 9p 9pnet_virtio virtio_rng loop dm_mod dm_snapshot dm_thin_pool dm_crypt dm_raid dm_mirror \
    raid0 raid1 raid10 raid456 linear ext4 btrfs xfs vfat; do modprobe $each || echo "no module $each"; done
mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 out /out || echo "no shared folder"
cat > /etc/lvm/lvm.conf <<END
global { umask = 63 thin_check_options = [ "-q" ] use_lvmpolld = 0 event_activation = 0 }
activation { udev_sync = 0 udev_rules = 0 monitoring = 0 raid_region_size = 512 }
devices { obtain_device_list_from_udev = 0 use_devicesfile = 0 md_component_detection = 1 }
backup { backup = 0 archive = 0 }
END
for each in thin_check thin_dump thin_repair; do ln -s pdata_tools /usr/sbin/$each; done
for each in pvcreate vgcreate lvcreate vgchange lvchange pvs vgs lvs lvconvert lvremove vgrename lvresize; do
    ln -s lvm /sbin/$each; done
ln -s mke2fs /sbin/mkfs.ext4

# disks SIZE...: empty disks of these sizes as $D0, $D1 ...
disks() {
    number=0
    for size in "$@"; do
        truncate -s $size /t/disk$number.raw
        losetup /dev/loop$number /t/disk$number.raw
        eval D$number=/dev/loop$number
        number=$((number + 1))
    done
}

# format DEVICE: ext4 that is small when packed.
format() { mkfs.ext4 -q -F -b 1024 -N 64 -I 256 -J size=1 -E lazy_itable_init=0,nodiscard,hash_seed=$UUID -U $UUID "$1"; }

# fill FOLDER: copy the contents.
fill() { cp -a /contents/. "$1"/; }

# truth FOLDER NAME: what the kernel shows there, a line a file.
truth() {
    (cd "$1"; find . -mindepth 1 | grep -v '^./lost+found' | LC_ALL=C sort | while read -r path; do
        if [ -L "$path" ]; then kind=link; sum=$(readlink "$path")
        elif [ -f "$path" ]; then kind=file; sum=$(sha256sum < "$path" | cut -d' ' -f1)
        elif [ -d "$path" ]; then kind=directory; sum=; else kind=other; sum=; fi
        printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$kind" "${path#./}" "$(stat -c %s "$path")" "$(stat -c %Y "$path")" \
            "$(stat -c %f "$path")" "$sum"
    done) > "/out/$NAME/truth.$2"
}

# ext DEVICE NAME: a file system with the contents, and its truth.
ext() { format "$1"; mount -t ext4 "$1" /m; fill /m; sync; truth /m "$2"; umount /m; }

# small DEVICE NAME: the same for what cannot be packed, without the journal and the long files.
small() {
    mkfs.ext4 -q -F -b 1024 -N 32 -O ^has_journal,^resize_inode -E nodiscard,hash_seed=$UUID -U $UUID "$1" 4096
    mount -t ext4 "$1" /m
    for each in readme.txt empty tail.bin; do cp -p /contents/$each /m/; done
    head -c 20000 /contents/log/hovering.txt > /m/hovering.txt
    sync; truth /m "$2"; umount /m
}

# away: let go of everything that stands on the disks.
away() {
    umount /m /m2 2>/dev/null
    lvm vgchange -q -an 2>/dev/null
    dmsetup remove_all 2>/dev/null
    mdadm --stop --scan 2>/dev/null
    lvm vgchange -q -an 2>/dev/null
    sync
    losetup -a | cut -d: -f1 | while read -r each; do losetup -d $each; done
}

for recipe in /recipes/*.sh; do
    NAME=$(basename $recipe .sh)
    mkdir -p /out/$NAME
    UUID=4b657374-7265-6c00-0000-$(echo $NAME | md5sum | cut -c1-12)
    away > /dev/null 2>&1
    rm -f /t/disk*
    (set -e; . $recipe) > /out/$NAME/log 2>&1 < /dev/null
    code=$?
    mdadm --wait-clean --scan 2>/dev/null
    away >> /out/$NAME/log 2>&1
    cp.sparse --sparse=always /t/disk*.raw /out/$NAME/
    echo $code > /out/$NAME/code
    echo "$NAME $code $(cut -d' ' -f1 /proc/uptime)"
done
sync; umount /out
poweroff -f
