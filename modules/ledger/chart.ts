import type { AccountKind } from './entry.ts'

/** What a hospital's accountant calls an account. */
export type ChartLine = {
  /** Of an account's code; a part in braces stands for any text without a slash: 'receivable/{provider}/{part}'. */
  pattern: string
  kind: AccountKind
  zh: string
  en: string
  /**
   * The subject of the Government Accounting System (政府会计制度——行政事业单位会计科目和报表, 财会〔2017〕25号). Null where
   * the account has no place in a hospital's books: lenders and sponsors have their own.
   */
  subjectCode: string | null
  subjectName: string | null
}

export type AccountName = ChartLine & {
  code: string
  /** What stood for the parts in braces: { provider: 'wechat', part: 'self_pay' }. */
  parts: Record<string, string>
}

const line = (
  pattern: string,
  kind: AccountKind,
  names: { zh: string; en: string },
  subject: readonly [code: string, name: string] | null = null,
): ChartLine => ({
  pattern,
  kind,
  ...names,
  subjectCode: subject?.[0] ?? null,
  subjectName: subject?.[1] ?? null,
})

// Subjects of the system, at their first level. What a hospital has below them, and where it books otherwise (the
// system leaves custody money and settlement clearing to each), it says by lines of its own.
const BANK = ['1002', '银行存款'] as const
const OTHER_MONEY = ['1021', '其他货币资金'] as const
const RECEIVABLE = ['1212', '应收账款'] as const
const OTHER_RECEIVABLE = ['1218', '其他应收款'] as const
const ADVANCES = ['2305', '预收账款'] as const
const OTHER_PAYABLE = ['2307', '其他应付款'] as const
const REVENUE = ['4101', '事业收入'] as const
const OPERATING = ['5001', '业务活动费用'] as const

/** The accounts there are, the first that fits counts. */
export const STANDARD_CHART: readonly ChartLine[] = [
  line('cash', 'asset', { zh: '库存现金', en: 'Cash' }, ['1001', '库存现金']),
  line('bank/{account}', 'asset', { zh: '银行存款', en: 'Bank account' }, BANK),
  line(
    'receivable/insurance/{part}',
    'asset',
    { zh: '应收医保结算款', en: 'Due from medical insurance' },
    RECEIVABLE,
  ),
  line(
    'receivable/{provider}/{part}',
    'asset',
    { zh: '应收支付渠道款', en: 'Due from a payment provider' },
    RECEIVABLE,
  ),
  line(
    'clearing/{provider}',
    'asset',
    { zh: '支付渠道清算款', en: 'In settlement with a provider' },
    OTHER_MONEY,
  ),
  line('custody/{deposit}', 'asset', { zh: '预交金存管', en: 'Deposits in custody' }, BANK),
  line(
    'owed/depositors',
    'liability',
    { zh: '预收患者预交金', en: 'Deposits of patients' },
    ADVANCES,
  ),
  line(
    'in-transit',
    'liability',
    { zh: '在途待确认收款', en: 'Money in transit, not yet earned' },
    ADVANCES,
  ),
  line(
    'suspense/receipts',
    'liability',
    { zh: '待查到账', en: 'Receipts not yet explained' },
    OTHER_PAYABLE,
  ),
  line('owed/fees/{provider}', 'liability', { zh: '应付手续费', en: 'Fees owed' }, OTHER_PAYABLE),
  line('owed/shares/{party}', 'liability', { zh: '应付分账款', en: 'Shares owed' }, OTHER_PAYABLE),
  line('income', 'income', { zh: '医疗收入', en: 'Medical income' }, REVENUE),
  line('fees/{provider}', 'income', { zh: '支付手续费', en: 'Fees of providers' }, OPERATING),
  line('shares/{party}', 'income', { zh: '合同分账支出', en: 'Shares by contract' }, OPERATING),
  line(
    'budget/{programme}',
    'asset',
    { zh: '补助额度', en: 'Budget of a benefit' },
    OTHER_RECEIVABLE,
  ),
  line(
    'vouchers/{programme}',
    'asset',
    { zh: '已发补助券', en: 'Vouchers issued' },
    OTHER_RECEIVABLE,
  ),
  line(
    'allotted/{programme}',
    'liability',
    { zh: '补助拨款', en: 'Benefit allotted' },
    OTHER_PAYABLE,
  ),
  line('loans/draws/hospital/{hospital}', 'asset', { zh: '代付诊疗款', en: 'Drawn for care' }),
  line('loans/principal', 'asset', { zh: '贷款本金', en: 'Loan principal' }),
  line('loans/interest', 'asset', { zh: '应收利息', en: 'Interest due' }),
  line('loans/fee', 'asset', { zh: '应收服务费', en: 'Fees due' }),
  line('loans/penalty', 'asset', { zh: '应收罚息', en: 'Penalty due' }),
  line('collected', 'asset', { zh: '已收还款', en: 'Repayments collected' }),
  line('treasury', 'liability', { zh: '放款资金', en: 'Treasury' }),
  line('owed/hospital/{hospital}', 'liability', { zh: '应付医院款', en: 'Owed to a hospital' }),
  line('owed/payers', 'liability', { zh: '应退还款人', en: 'Owed to payers' }),
  line('income/interest', 'income', { zh: '利息收入', en: 'Interest income' }),
  line('income/fee', 'income', { zh: '服务费收入', en: 'Fee income' }),
  line('income/penalty', 'income', { zh: '罚息收入', en: 'Penalty income' }),
  line('income/recovered', 'income', { zh: '核销收回', en: 'Recovered after write-off' }),
  line('income/written-off', 'income', { zh: '贷款核销', en: 'Written off' }),
]

/**
 * Names an account by the first line that fits its code: the hospital's own lines before the standard ones. Null when
 * none does, which is for a person to add.
 */
export function chartOf(code: string, own: readonly ChartLine[] = []): AccountName | null {
  for (const known of [...own, ...STANDARD_CHART]) {
    const parts = partsBy(known.pattern, code)
    if (parts) return { ...known, code, parts }
  }
  return null
}

function partsBy(pattern: string, code: string): Record<string, string> | null {
  const names = pattern.split('/')
  const texts = code.split('/')
  if (names.length !== texts.length) return null
  const parts: Record<string, string> = {}
  for (const [i, name] of names.entries()) {
    const text = texts[i] ?? ''
    if (!name.startsWith('{')) {
      if (name !== text) return null
    } else if (text === '') return null
    else parts[name.slice(1, -1)] = text
  }
  return parts
}
