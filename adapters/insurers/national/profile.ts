import type { CheckOptions } from './fields/check.ts'
import { type MakeGateway, oauth, rio, wantsOfOauth } from './gateway.ts'
import type { NationalInsuranceParams } from './params.ts'

/**
 * What provinces do differently: data, and one strategy. A new province is a new profile here, and its
 * name in the schema of the params; no other file knows one from another.
 */
export type Profile = CheckOptions & {
  /** The way in: who we are, and how a message is wrapped. */
  gateway: MakeGateway
  /** What a contract lacks for this way in; null when it has all. */
  wants(params: NationalInsuranceParams): { field: string; rule: string } | null
  /** fund_pay_sumamt: Hunan and Hainan leave the personal account out of it, Guangdong counts it in. */
  fundIncludesAccount: boolean
  /** Decimals as JSON numbers (638.00) or as texts ("638.00"). */
  amountsAs: 'number' | 'text'
  /** How the bytes of a file stand in fsUploadIn.in. */
  fileBytesAs: 'base64' | 'numbers'
  /** Names that the province wants for fields of the envelope, by the right ones. */
  envelopeNames: Readonly<Record<string, string>>
  /** Where the columns of a downloaded catalogue stand, by transaction. */
  catalogueColumns: Readonly<Record<string, CatalogueColumns>>
  /** recer_sys_code, at most 10 characters. */
  receiverSystem: string
  /** caty of a visit: the hospital's own departments carry no national code, so "other". */
  departmentCategory: string
  /** The centre says by these words that a settlement or message it was asked for is not there. */
  saysNotThere: RegExp
  /** And by these that the session of 9001 is over. */
  saysNotSignedIn: RegExp
  /** And by these that the token of an electronic voucher is over. */
  saysVoucherExpired: RegExp
  /** With this begins the message of a centre that failed itself: it has decided nothing. */
  brokenPrefix: string
}

/** Counted from 0; below zero from the end. */
export type CatalogueColumns = {
  code: number
  name: number
  version: number | null
  spec?: number
  unit?: number
  form?: number
  substance?: number
  /** vali_flag: 0 withdraws the row. */
  valid?: number
}

/** Code, name, specification and unit come first, vali_flag and version last. */
const ITEM_COLUMNS: CatalogueColumns = {
  code: 0,
  name: 1,
  version: -1,
  spec: 2,
  unit: 3,
  valid: -2,
}

/** 令牌已过期, 授权码已失效: of the token of a voucher, or of what the payer's app was authorised with. */
export const SAYS_VOUCHER_EXPIRED =
  /(凭证|(?<!访问)令牌|授权码|ectoken|payauthno).{0,12}(过期|失效|超时|expired)/i

const standard: Profile = {
  gateway: rio,
  wants: () => null,
  fundIncludesAccount: false,
  amountsAs: 'number',
  fileBytesAs: 'base64',
  envelopeNames: {},
  codes: {},
  // Longer on the wire than in the tables: D310101_BIZ2101 has 15 characters.
  lengths: { cum_type_code: 20, diag_info_id: 40 },
  unchecked: [],
  // As they are seen on the wire: 2208, 5203 and 5261.
  aliases: {
    pdn_cash_pay: 'psn_cash_pay',
    cash_payamt: 'psn_cash_pay',
    psnCash_pay: 'psn_cash_pay',
    psn_pay: 'psn_part_amt',
    med_fee_sumamt: 'medfee_sumamt',
    opt_timeP: 'opt_time',
  },
  catalogueColumns: {
    '1301': ITEM_COLUMNS,
    '1302': ITEM_COLUMNS,
    '1305': ITEM_COLUMNS,
    '1306': ITEM_COLUMNS,
  },
  receiverSystem: 'YIQIAO',
  departmentCategory: 'A69',
  saysNotThere:
    /不存在|未(能)?[查找]|未结算|[查找]不到|查无|没有|无(此|该|可|对应|相应|匹配)|未(收到|发生)|已(被)?(冲正|撤销)|not.?found|no such|does not exist/i,
  saysNotSignedIn: /签到/,
  saysVoucherExpired: SAYS_VOUCHER_EXPIRED,
  brokenPrefix: 'SYS:',
}

const guangdong: Profile = {
  ...standard,
  fundIncludesAccount: true,
  fileBytesAs: 'numbers',
  codes: { med_type: ['9901', '2102'], clr_type: ['9902'] },
}

const jilin: Profile = {
  ...standard,
  gateway: oauth,
  wants: wantsOfOauth,
  amountsAs: 'text',
}

export const PROFILES = { standard, guangdong, jilin } satisfies Record<string, Profile>
