import { defineErrors } from '../../kernel/error.ts'

export const sealingErrors = defineErrors('sealing', {
  log_not_found: 'not_found',
  head_not_found: 'not_found',
  item_not_sealed: 'not_found',
  leaf_not_in_tree: 'invalid',
  sizes_wrong: 'invalid',
  key_not_found: 'not_found',
  countersignature_wrong: 'rejected',
  log_truncated: 'conflict',
  head_differs: 'conflict',
  tree_broken: 'conflict',
})
