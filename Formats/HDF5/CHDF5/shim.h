/* What Swift can't import from libhdf5 as it stands.
 *
 * Most HDF5 "constants" are macros that call H5open or cast, so Swift doesn't see them; each gets an
 * inline function. Functions whose meaning depends on the API version that a distribution chose as
 * its default are called here by their numbered name.
 */
#ifndef CTL_CHDF5_SHIM_H
#define CTL_CHDF5_SHIM_H

#include <hdf5.h>
#include <stdint.h>
#include <string.h>

#define CTL_CONSTANT(type, name, value) \
  static inline type ctl_##name(void) { return (type)(value); }

CTL_CONSTANT(hid_t, default_list, H5P_DEFAULT)
CTL_CONSTANT(hid_t, all, H5S_ALL)
CTL_CONSTANT(hid_t, file_access, H5P_FILE_ACCESS)
CTL_CONSTANT(hid_t, file_create, H5P_FILE_CREATE)
CTL_CONSTANT(hid_t, group_create, H5P_GROUP_CREATE)
CTL_CONSTANT(hid_t, dataset_create, H5P_DATASET_CREATE)
CTL_CONSTANT(hid_t, attribute_create, H5P_ATTRIBUTE_CREATE)
CTL_CONSTANT(hid_t, link_create, H5P_LINK_CREATE)
CTL_CONSTANT(hid_t, link_access, H5P_LINK_ACCESS)
CTL_CONSTANT(hid_t, object_copy, H5P_OBJECT_COPY)
CTL_CONSTANT(unsigned, read_only, H5F_ACC_RDONLY)
CTL_CONSTANT(unsigned, read_write, H5F_ACC_RDWR)
CTL_CONSTANT(unsigned, truncate, H5F_ACC_TRUNC)
CTL_CONSTANT(haddr_t, undefined_address, HADDR_UNDEF)
CTL_CONSTANT(hsize_t, unlimited, H5S_UNLIMITED)
CTL_CONSTANT(size_t, variable_size, H5T_VARIABLE)
CTL_CONSTANT(hid_t, string, H5T_C_S1)
CTL_CONSTANT(hid_t, ieee_f32le, H5T_IEEE_F32LE)
CTL_CONSTANT(hid_t, ieee_f64le, H5T_IEEE_F64LE)
CTL_CONSTANT(hid_t, i8le, H5T_STD_I8LE)
CTL_CONSTANT(hid_t, i16le, H5T_STD_I16LE)
CTL_CONSTANT(hid_t, i32le, H5T_STD_I32LE)
CTL_CONSTANT(hid_t, i64le, H5T_STD_I64LE)
CTL_CONSTANT(hid_t, u8le, H5T_STD_U8LE)
CTL_CONSTANT(hid_t, u16le, H5T_STD_U16LE)
CTL_CONSTANT(hid_t, u32le, H5T_STD_U32LE)
CTL_CONSTANT(hid_t, u64le, H5T_STD_U64LE)

/* The structures changed their names in 1.12, the functions' numbered forms stayed. */
#if H5_VERSION_GE(1, 12, 0)
typedef H5L_info1_t ctl_link_info;
typedef H5O_info1_t ctl_object_info;
#define CTL_LITERATE H5Literate1
#else
typedef H5L_info_t ctl_link_info;
typedef H5O_info_t ctl_object_info;
#define CTL_LITERATE H5Literate
#endif

enum { CTL_LINK_HARD = 0, CTL_LINK_SOFT = 1, CTL_LINK_EXTERNAL = 2, CTL_LINK_OTHER = 3 };

/* A link's name, its kind, and the address of its object (hard) or the size of its value (soft). */
typedef int (*ctl_link_visitor)(void *context, const char *name, int kind, uint64_t value);

typedef struct {
  ctl_link_visitor visit;
  void *context;
} ctl_link_visit;

static inline herr_t ctl_visit_link(
    hid_t group, const char *name, const ctl_link_info *info, void *data) {
  const ctl_link_visit *visit = (const ctl_link_visit *)data;
  (void)group;
  switch (info->type) {
    case H5L_TYPE_HARD:
      return visit->visit(visit->context, name, CTL_LINK_HARD, info->u.address);
    case H5L_TYPE_SOFT:
      return visit->visit(visit->context, name, CTL_LINK_SOFT, info->u.val_size);
    case H5L_TYPE_EXTERNAL:
      return visit->visit(visit->context, name, CTL_LINK_EXTERNAL, 0);
    default:
      return visit->visit(visit->context, name, CTL_LINK_OTHER, 0);
  }
}

/* Calls `visit` for each link of a group, in order of creation or of names (H5Literate). */
static inline herr_t ctl_iterate_links(
    hid_t group, int by_creation, ctl_link_visitor visit, void *context) {
  ctl_link_visit data = {visit, context};
  hsize_t position = 0;
  return CTL_LITERATE(
      group, by_creation ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME, H5_ITER_INC, &position,
      ctl_visit_link, &data);
}

/* The address of an object's header: its identity within the file (H5Oget_info2). */
static inline herr_t ctl_object_address(hid_t object, uint64_t *address) {
  ctl_object_info info;
  herr_t result = H5Oget_info2(object, &info, H5O_INFO_BASIC);
  *address = result < 0 ? HADDR_UNDEF : info.addr;
  return result;
}

/* Refuses to follow an external link, whatever made the library want to (H5Pset_elink_cb). */
static inline herr_t ctl_refuse_link(
    const char *parent_file, const char *parent_group, const char *child_file,
    const char *child_object, unsigned *flags, hid_t list, void *context) {
  (void)parent_file, (void)parent_group, (void)child_file;
  (void)child_object, (void)flags, (void)list, (void)context;
  return -1;
}

static inline herr_t ctl_refuse_external_links(hid_t list) {
  return H5Pset_elink_cb(list, ctl_refuse_link, NULL);
}

/* H5F_CLOSE_STRONG: closing a file closes what is open in it. File locks are of no use to a reader
 * and fail on some network file systems. */
static inline herr_t ctl_prepare_file_access(hid_t list) {
  if (H5Pset_fclose_degree(list, H5F_CLOSE_STRONG) < 0) return -1;
#if H5_VERSION_GE(1, 10, 7)
  if (H5Pset_file_locking(list, 0, 1) < 0) return -1;
#endif
  return 0;
}

/* A filter that exists in name only: chunks are read and written already filtered. */
static inline size_t ctl_refuse_to_filter(
    unsigned flags, size_t count, const unsigned *parameters, size_t size, size_t *capacity,
    void **buffer) {
  (void)flags, (void)count, (void)parameters, (void)size, (void)capacity, (void)buffer;
  return 0;
}

static inline herr_t ctl_register_named_filter(H5Z_filter_t id) {
  const H5Z_class2_t filter = {
      H5Z_CLASS_T_VERS, id, 1, 1, "named only", NULL, NULL, ctl_refuse_to_filter};
  return H5Zregister(&filter);
}

/* One entry of the error stack, outermost first. */
typedef void (*ctl_error_visitor)(
    void *context, const char *function, const char *text);

typedef struct {
  ctl_error_visitor visit;
  void *context;
} ctl_error_visit;

static inline herr_t ctl_visit_error(unsigned n, const H5E_error2_t *error, void *data) {
  const ctl_error_visit *visit = (const ctl_error_visit *)data;
  (void)n;
  visit->visit(visit->context, error->func_name, error->desc);
  return 0;
}

static inline void ctl_walk_errors(ctl_error_visitor visit, void *context) {
  ctl_error_visit data = {visit, context};
  (void)H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, ctl_visit_error, &data);
  (void)H5Eclear2(H5E_DEFAULT);
}

/* The library prints its error stack unless told not to. */
static inline void ctl_silence_errors(void) {
  (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

#endif
