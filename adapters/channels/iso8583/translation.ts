// What F39 means to the hub, as tables. Only proven answers come here; whatever no table names is 'unknown'.

export type Meaning =
  | { outcome: 'approved' }
  | { outcome: 'declined'; code: string }
  /** The bank and we have other keys: nothing was done, and a sign-in puts it right. */
  | { outcome: 'keys_differ' }
  | { outcome: 'unknown' }

/** 11 is an honoured customer; A2 to A6 are approved with a remark for the acquirer. 10 says in F4 how much. */
const APPROVED = new Set(['00', '10', '11', 'A2', 'A4', 'A5', 'A6'])

const KEYS_DIFFER = new Set(['77', '99', 'A0'])

const DECLINED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '01': 'refer_to_issuer',
    '03': 'merchant_invalid',
    '04': 'card_captured',
    '05': 'not_honoured',
    '07': 'card_captured',
    '12': 'transaction_invalid',
    '13': 'amount_invalid',
    '14': 'card_invalid',
    '15': 'issuer_not_found',
    '21': 'card_not_initialised',
    '25': 'original_not_found',
    '30': 'format',
    '31': 'bank_not_supported',
    '33': 'card_expired',
    '34': 'fraud',
    '35': 'card_captured',
    '36': 'card_captured',
    '37': 'card_captured',
    '38': 'pin_tries_exceeded',
    '39': 'no_credit_account',
    '40': 'not_supported',
    '41': 'card_lost',
    '42': 'no_account',
    '43': 'card_stolen',
    '44': 'no_investment_account',
    '51': 'insufficient_funds',
    '52': 'no_cheque_account',
    '53': 'no_savings_account',
    '54': 'card_expired',
    '55': 'pin_wrong',
    '56': 'no_card_record',
    '57': 'not_permitted_to_holder',
    '58': 'not_permitted_to_terminal',
    '59': 'fraud',
    '61': 'amount_limit',
    '62': 'card_restricted',
    '63': 'security',
    '64': 'original_differs',
    '65': 'count_limit',
    '67': 'card_captured',
    '75': 'pin_tries_exceeded',
    '90': 'day_is_changing',
    '91': 'issuer_not_reachable',
    '92': 'issuer_not_reachable',
    '97': 'terminal_unknown',
    A1: 'currency_differs',
    A3: 'no_beneficiary_account',
    A7: 'security_module',
  }),
)

/**
 * Not in the table, and so unknown: 06, 09, 19, 20, 22, 68, 94, 95, 96, 98 and whatever is new. The first of them speak
 * of a fault or of work in progress; 94, a number seen before, says nothing of what became of it.
 */
export function meaningOf(answerCode: string): Meaning {
  if (APPROVED.has(answerCode)) return { outcome: 'approved' }
  if (KEYS_DIFFER.has(answerCode)) return { outcome: 'keys_differ' }
  const code = DECLINED.get(answerCode)
  return code === undefined ? { outcome: 'unknown' } : { outcome: 'declined', code }
}

/** 00: taken back. 12 and 25: there was nothing to take back. */
export const isReversed = (answerCode: string): boolean => ['00', '12', '25'].includes(answerCode)
