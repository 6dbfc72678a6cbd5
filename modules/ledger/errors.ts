import { defineErrors } from '../../kernel/error.ts'

export const ledgerErrors = defineErrors('ledger', {
  queue_full: 'unavailable',
})
