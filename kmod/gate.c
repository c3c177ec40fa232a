// SPDX-License-Identifier: GPL-2.0-only
/*
 * The gate in front of a PF's administration virtqueue, one per PF.
 *
 * The PF's virtio driver can go away without the PCI core noticing (unbind of virtioN,
 * rmmod of virtio_net, suspend); its queues are freed while the pointers to them stay. So
 * the gate listens on the virtio bus: it closes before the driver is unbound, waits for
 * what is inside, and opens again once a driver is bound. It also bounds how many commands
 * of one PF are in flight, first come, first served: who is inside has a slot, and who has
 * all slots knows that nobody is.
 */
#include <linux/kref.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/suspend.h>

#include "slots.h"
#include "vvb.h"

#define VVB_DRAIN_MS 2000 /* a hung command is let go by the PF's own reset */

/**
 * struct vvb_gate - see above
 * @slots:	of the commands in flight
 * @closing:	two that collect slots would wait for each other's
 * @open:	a command may go out; what counts is what one reads while having a slot
 * @stalled:	commands that were given up and are unanswered
 */
struct vvb_gate {
	struct list_head node;
	struct kref kref;
	struct pci_dev *pf;
	struct device *virtio;
	const struct bus_type *bus;
	struct notifier_block nb;
	struct vvb_slots slots;
	struct mutex closing;
	bool open;
	atomic_t stalled;
};

static LIST_HEAD(vvb_gates);
static DEFINE_MUTEX(vvb_gates_lock);

/* Who enters from now on is turned away; then wait for those inside, up to a time. */
static void vvb_gate_close(struct vvb_gate *gate)
{
	unsigned long until = jiffies + msecs_to_jiffies(VVB_DRAIN_MS);
	unsigned int slots = 0;

	WRITE_ONCE(gate->open, false);
	guard(mutex)(&gate->closing);
	while (slots < VVB_SLOTS && !vvb_slots_take_until(&gate->slots, until))
		slots++;
	if (slots < VVB_SLOTS)
		pci_warn(gate->pf, "admin commands still in flight after %u ms\n", VVB_DRAIN_MS);
	while (slots--)
		vvb_slots_give(&gate->slots);
}

static void vvb_gate_open(struct vvb_gate *gate)
{
	WRITE_ONCE(gate->open, true);
}

static int vvb_gate_bus_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct vvb_gate *gate = container_of(nb, struct vvb_gate, nb);

	if (data != gate->virtio)
		return NOTIFY_DONE;
	if (event == BUS_NOTIFY_UNBIND_DRIVER)
		vvb_gate_close(gate);
	else if (event == BUS_NOTIFY_BOUND_DRIVER)
		vvb_gate_open(gate);
	return NOTIFY_OK;
}

static int vvb_gate_pm_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct vvb_gate *gate;

	guard(mutex)(&vvb_gates_lock);
	list_for_each_entry(gate, &vvb_gates, node) {
		if (event == PM_SUSPEND_PREPARE || event == PM_HIBERNATION_PREPARE)
			vvb_gate_close(gate);
		else if ((event == PM_POST_SUSPEND || event == PM_POST_HIBERNATION) &&
			 READ_ONCE(gate->virtio->driver))
			vvb_gate_open(gate);
	}
	return NOTIFY_OK;
}

static struct notifier_block vvb_gate_pm_nb = { .notifier_call = vvb_gate_pm_event };

int vvb_gate_init(void)
{
	return register_pm_notifier(&vvb_gate_pm_nb);
}

void vvb_gate_exit(void)
{
	unregister_pm_notifier(&vvb_gate_pm_nb);
}

static int vvb_is_virtio(struct device *dev, void *unused)
{
	return dev->bus && !strcmp(dev->bus->name, "virtio");
}

static struct vvb_gate *vvb_gate_new(struct pci_dev *pf)
{
	struct vvb_gate *gate = kzalloc(sizeof(*gate), GFP_KERNEL);
	int err;

	if (!gate)
		return ERR_PTR(-ENOMEM);
	gate->virtio = device_find_child(&pf->dev, NULL, vvb_is_virtio);
	if (!gate->virtio) {
		kfree(gate);
		return NULL;
	}
	kref_init(&gate->kref);
	vvb_slots_init(&gate->slots);
	mutex_init(&gate->closing);
	gate->pf = pci_dev_get(pf);
	gate->bus = gate->virtio->bus;
	gate->nb.notifier_call = vvb_gate_bus_event;
	err = bus_register_notifier(gate->bus, &gate->nb);
	if (err) {
		put_device(gate->virtio);
		pci_dev_put(pf);
		kfree(gate);
		return ERR_PTR(err);
	}
	/*
	 * A driver that is bound now and goes away from here on is seen by the notifier;
	 * device_lock orders this look with a bind or unbind that is under way.
	 */
	device_lock(gate->virtio);
	gate->open = gate->virtio->driver;
	device_unlock(gate->virtio);
	list_add_tail(&gate->node, &vvb_gates);
	return gate;
}

/**
 * vvb_gate_get - the gate of a PF
 * @pf:		physical function
 *
 * Return: the gate, to be given back with vvb_gate_put(); NULL when the PF has no virtio
 * device, as then there is nothing to pass through; or an ERR_PTR. May sleep.
 */
struct vvb_gate *vvb_gate_get(struct pci_dev *pf)
{
	struct vvb_gate *gate;

	guard(mutex)(&vvb_gates_lock);
	list_for_each_entry(gate, &vvb_gates, node) {
		if (gate->pf == pf) {
			kref_get(&gate->kref);
			return gate;
		}
	}
	return vvb_gate_new(pf);
}

/* One more reference to a gate that the caller has. */
struct vvb_gate *vvb_gate_hold(struct vvb_gate *gate)
{
	if (gate)
		kref_get(&gate->kref);
	return gate;
}

/* A command was given up (+1), or answered after all (-1). */
void vvb_gate_stalled(struct vvb_gate *gate, int by)
{
	atomic_add(by, &gate->stalled);
}

/* Commands of the PF that were given up and are unanswered. */
unsigned int vvb_gate_stalls(struct vvb_gate *gate)
{
	return gate ? atomic_read(&gate->stalled) : 0;
}

static void vvb_gate_free(struct kref *kref)
{
	struct vvb_gate *gate = container_of(kref, struct vvb_gate, kref);

	list_del(&gate->node);
	bus_unregister_notifier(gate->bus, &gate->nb);
	put_device(gate->virtio);
	pci_dev_put(gate->pf);
	kfree(gate);
	mutex_unlock(&vvb_gates_lock);
}

void vvb_gate_put(struct vvb_gate *gate)
{
	if (gate)
		kref_put_mutex(&gate->kref, vvb_gate_free, &vvb_gates_lock);
}

/**
 * vvb_gate_enter - before a command; may sleep until a slot is free
 * @gate:	may be NULL
 *
 * Return: 0 and vvb_gate_leave() must follow; -ENODEV when the PF has no virtio driver;
 * -EINTR when the caller is being killed.
 */
int vvb_gate_enter(struct vvb_gate *gate)
{
	if (!gate || !READ_ONCE(gate->open))
		return -ENODEV;
	if (vvb_slots_take(&gate->slots))
		return -EINTR;
	if (likely(READ_ONCE(gate->open)))
		return 0;
	vvb_slots_give(&gate->slots);
	return -ENODEV;
}

void vvb_gate_leave(struct vvb_gate *gate)
{
	vvb_slots_give(&gate->slots);
}
