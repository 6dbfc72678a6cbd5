import { defineErrors } from '../../kernel/error.ts'

export const catalogueErrors = defineErrors('catalogue', {
  version_taken: 'conflict', // a version of this name is there already
  version_out_of_order: 'conflict', // one that takes effect later is there already
  version_under_way: 'conflict', // another load of the region came first
  version_empty: 'invalid',
  version_not_found: 'not_found',
  entry_invalid: 'invalid',
  entry_repeated: 'invalid',
  entry_not_found: 'not_found', // no entry of this code is in force
  policy_invalid: 'invalid',
  policy_not_found: 'not_found',
  hospital_not_set: 'rejected', // nobody has said which catalogue the hospital goes by
  item_not_found: 'not_found',
  too_many_items: 'invalid',
  bill_not_found: 'not_found',
  date_invalid: 'invalid',
})
