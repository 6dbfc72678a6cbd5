// The words a descriptor may translate a provider's words into, per operation. Whatever no table of a descriptor
// names is 'unknown', so that leaving something out can lose time and never money.

/**
 * ask: the operation's own answer proves nothing, the query that belongs to it decides. paid: there is money, as the
 * query must show. closed: ended for good without money.
 */
export const STATE_MEANINGS = {
  charge: ['confirmed', 'pending', 'declined', 'closed', 'ask', 'unknown'],
  query: ['confirmed', 'pending', 'declined', 'closed', 'absent', 'unknown'],
  release: ['released', 'paid', 'ask', 'unknown'],
  refund: ['confirmed', 'pending', 'declined', 'ask', 'unknown'],
  queryRefund: ['confirmed', 'pending', 'declined', 'absent', 'unknown'],
} as const

export const ERROR_MEANINGS = {
  common: ['unknown'],
  charge: ['declined', 'closed', 'paid', 'ask', 'unknown'],
  query: ['absent', 'declined', 'closed', 'unknown'],
  release: ['released', 'paid', 'ask', 'unknown'],
  refund: ['declined', 'ask', 'unknown'],
  queryRefund: ['absent', 'declined', 'unknown'],
  statement: ['not_ready', 'none', 'unknown'],
} as const

/** The operations every descriptor must have. */
export type OperationName = keyof typeof STATE_MEANINGS

export type Meaning = (typeof STATE_MEANINGS)[OperationName][number]
