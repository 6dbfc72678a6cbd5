import type { AccountRule, TemplateTerms, TransferRule } from './template.ts'

// The template a hospital has until it agrees on its own. Subjects at their first level are those of the Government
// Accounting System (财会〔2017〕25号) and what it adds for hospitals; those below are a hospital's own, and UNCERTAIN: each
// sets its own. The financial books go by accrual; the budget books by money: for a channel the moment it has taken the
// money, as its balance is the hospital's other money, for an insurer or a lender the moment the bank has it.

const account = (
  pattern: string,
  subject: string,
  aux: Record<string, string> = {},
): AccountRule => ({
  account: pattern,
  subject,
  aux,
  byCategory: false,
})

const ACCOUNTS: AccountRule[] = [
  account('bank/{account}', '1002', { account: '{account}' }),
  account('clearing/{provider}', '1021', { channel: '{provider}' }),
  account('receivable/insurance/{part}', '1212.02', { payer: '{part}' }),
  account('receivable/{provider}/self_pay', '1021', { channel: '{provider}' }),
  account('receivable/{provider}/{part}', '1212.09', { payer: '{provider}', part: '{part}' }),
  account('custody/{deposit}', '1002.09'),
  account('owed/depositors', '2305.02'),
  account('in-transit', '2305.09'),
  account('suspense/receipts', '2307.09'),
  account('surplus/{provider}', '2307.10', { channel: '{provider}' }),
  account('income/surplus', '4609'),
  account('expense/shortage', '5901'),
  account('owed/fees/{provider}', '2307.01', { channel: '{provider}' }),
  account('owed/shares/{party}', '2307.02', { payer: '{party}' }),
  { ...account('income', '4101'), byCategory: true },
  account('income/written-off', '1219'),
  account('fees/{provider}', '5001.09', { channel: '{provider}' }),
  account('shares/{party}', '5001.10', { payer: '{party}' }),
  account('budget/{programme}', '1218.01'),
  account('vouchers/{programme}', '1218.02'),
  account('allotted/{programme}', '2307.03'),
]

/** The kinds of charge of the medical insurance (med_chrgitm_type). */
const CATEGORIES: [code: string, name: string][] = [
  ['01', '床位收入'],
  ['02', '诊察收入'],
  ['03', '检查收入'],
  ['04', '化验收入'],
  ['05', '治疗收入'],
  ['06', '手术收入'],
  ['07', '护理收入'],
  ['08', '卫生材料收入'],
  ['09', '西药收入'],
  ['10', '中药饮片收入'],
  ['11', '中成药收入'],
  ['12', '一般诊疗收入'],
  ['13', '挂号收入'],
  ['14', '其他门急诊收入'],
]
const UNKNOWN_CATEGORY = '99'

const subjectOfCategory = (code: string) => `4101.01.${code}`

const MONEY = { subject: '8001.02', aux: {} }
const BUDGET_INCOME = { subject: '6101', aux: {} }
const BUDGET_SPENDING = { subject: '7201', aux: {} }
const CAME = { debit: MONEY, credit: BUDGET_INCOME }
const WENT_BACK = { debit: BUDGET_INCOME, credit: MONEY }
const SPENT = { debit: BUDGET_SPENDING, credit: MONEY }
const OTHER_CAME = { debit: MONEY, credit: { subject: '6609', aux: {} } }
const OTHER_SPENT = { debit: { subject: '7901', aux: {} }, credit: MONEY }
const SPENT_LESS = { debit: MONEY, credit: BUDGET_SPENDING }

type Kind = '收' | '付' | '转'
type Budget = TransferRule['budget']

/** A transfer, and the same the other way round: what is taken back. */
const bothWays = (
  name: string,
  [debit, credit]: readonly [string, string],
  [type, summary, budget]: readonly [Kind, string, Budget],
  [backType, backSummary, backBudget]: readonly [Kind, string, Budget],
): TransferRule[] => [
  { ...rule(name, type, summary, budget), debit, credit },
  { ...rule(`${name}_back`, backType, backSummary, backBudget), debit: credit, credit: debit },
]

const rule = (name: string, type: Kind, summary: string, budget: Budget) => ({
  name,
  causeBegins: '',
  type,
  summary: `{date} ${summary}`,
  level: 'day' as const,
  isFinancial: true,
  budget,
})

const RULES: TransferRule[] = [
  ...bothWays(
    'receipt_channel',
    ['receivable/{provider}/self_pay', 'in-transit'],
    ['收', '{provider} 收款', CAME],
    ['付', '{provider} 退款', WENT_BACK],
  ),
  ...bothWays(
    'receivable_payer',
    ['receivable/{provider}/{part}', 'in-transit'],
    ['转', '{provider} 应收', null],
    ['转', '{provider} 应收退回', null],
  ),
  ...bothWays(
    'income',
    ['in-transit', 'income'],
    ['转', '门急诊收入', null],
    ['转', '门急诊收入退费', null],
  ),
  ...bothWays(
    'payout_expected',
    ['clearing/{provider}', 'receivable/{provider}/{part}'],
    ['转', '{provider} 待结算', null],
    ['转', '{provider} 待结算冲减', null],
  ),
  ...bothWays(
    'fee_net',
    ['fees/{provider}', 'clearing/{provider}'],
    ['付', '{provider} 手续费', SPENT],
    ['收', '{provider} 手续费退回', SPENT_LESS],
  ),
  ...bothWays(
    'fee_billed',
    ['fees/{provider}', 'owed/fees/{provider}'],
    ['转', '{provider} 应付手续费', null],
    ['转', '{provider} 应付手续费冲减', null],
  ),
  ...bothWays(
    'share',
    ['shares/{party}', 'owed/shares/{party}'],
    ['转', '{party} 合同分成', null],
    ['转', '{party} 合同分成冲减', null],
  ),
  ...bothWays(
    'bank_receipt',
    ['bank/{account}', 'suspense/receipts'],
    ['收', '{account} 到账', null],
    ['付', '{account} 扣回', null],
  ),
  ...bothWays(
    'payout_insurance',
    ['suspense/receipts', 'clearing/insurance'],
    ['收', '医保回款', CAME],
    ['付', '医保回款冲减', WENT_BACK],
  ),
  ...bothWays(
    'payout_received',
    ['suspense/receipts', 'clearing/{provider}'],
    ['转', '{provider} 结算到账', null],
    ['转', '{provider} 结算到账冲减', null],
  ),
  ...depositRules(),
  ...bothWays(
    'benefit_allotted',
    ['budget/{programme}', 'allotted/{programme}'],
    ['转', '补助额度', null],
    ['转', '补助使用', null],
  ),
  ...bothWays(
    'benefit_voucher',
    ['vouchers/{programme}', 'budget/{programme}'],
    ['转', '补助发券', null],
    ['转', '补助券收回', null],
  ),
  ...bothWays(
    'benefit_voucher_used',
    ['allotted/{programme}', 'vouchers/{programme}'],
    ['转', '补助券使用', null],
    ['转', '补助券退回', null],
  ),
  ...bothWays(
    'write_off',
    ['income/written-off', 'receivable/{provider}/{part}'],
    ['转', '{provider} 坏账核销', null],
    ['转', '{provider} 核销收回', null],
  ),
  // 调账 of a case: a surplus is the hospital's own only when nobody claimed it.
  ...bothWays(
    'surplus_hung',
    ['receivable/{provider}/{part}', 'surplus/{provider}'],
    ['转', '{provider} 长款挂账', null],
    ['转', '{provider} 长款退还', null],
  ),
  {
    ...rule('surplus_kept', '收', '{provider} 长款转收入', OTHER_CAME),
    debit: 'surplus/{provider}',
    credit: 'income/surplus',
  },
  {
    ...rule('shortage', '付', '{provider} 短款核销', OTHER_SPENT),
    debit: 'expense/shortage',
    credit: 'receivable/{provider}/{part}',
  },
]

/** What a deposit pays is income when its payment is; money moved when the deposit came in or goes back. */
function depositRules(): TransferRule[] {
  const [debit, credit] = ['custody/{deposit}', 'owed/depositors']
  const inward = { debit, credit }
  const outward = { debit: credit, credit: debit }
  return [
    {
      ...rule('deposit_returned', '转', '预交金退回账户', null),
      ...inward,
      causeBegins: 'deposits:return:',
    },
    { ...rule('deposit_in', '收', '预交金收入', CAME), ...inward },
    {
      ...rule('deposit_out', '付', '退预交金', WENT_BACK),
      ...outward,
      causeBegins: 'deposits:out:',
    },
    { ...rule('deposit_used', '转', '预交金使用', null), ...outward },
  ]
}

export const STANDARD_TEMPLATE: TemplateTerms = {
  subjects: {
    '1002': '银行存款',
    '1002.09': '银行存款—预交金存管',
    '1021': '其他货币资金',
    '1212.02': '应收账款—应收医保款',
    '1212.09': '应收账款—其他',
    '1218.01': '其他应收款—补助额度',
    '1218.02': '其他应收款—已发补助券',
    '1219': '坏账准备',
    '2305.02': '预收账款—预收医疗款',
    '2305.09': '预收账款—在途待确认',
    '2307.01': '其他应付款—手续费',
    '2307.02': '其他应付款—合同分成',
    '2307.03': '其他应付款—补助拨款',
    '2307.09': '其他应付款—待查到账',
    '2307.10': '其他应付款—待查长款',
    '4101': '事业收入—医疗收入',
    ...Object.fromEntries(
      CATEGORIES.map(([code, name]) => [subjectOfCategory(code), `医疗收入—${name}`]),
    ),
    [subjectOfCategory(UNKNOWN_CATEGORY)]: '医疗收入—未分类',
    '4609': '其他收入',
    '5001.09': '业务活动费用—支付手续费',
    '5001.10': '业务活动费用—合同分成',
    '5901': '其他费用',
    '6101': '事业预算收入—医疗预算收入',
    '6609': '其他预算收入',
    '7201': '事业支出—医疗支出',
    '7901': '其他支出',
    '8001.02': '资金结存—货币资金',
  },
  accounts: ACCOUNTS,
  categories: Object.fromEntries(
    [...CATEGORIES.map(([code]) => code), UNKNOWN_CATEGORY].map((code) => [
      code,
      subjectOfCategory(code),
    ]),
  ),
  unknownCategory: null,
  rules: RULES,
}
