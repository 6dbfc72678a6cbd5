import type { BusinessDate } from '../../../kernel/time.ts'
import type { CatalogueKind, CatalogueRowOf } from '../../../modules/insurance/index.ts'
import type { Transaction } from './transport.ts'
import { levelOf } from './visit.ts'
import {
  dayOf,
  type Fields,
  microYuanOf,
  optionalDayOf,
  optionalTextOf,
  ratioBpOf,
  rowsOf,
  textOf,
} from './wire.ts'

type Page = { updatedSince: BusinessDate; page: number; pageSize: number }

/** 1312 and 1316 to 1319: one page of rows. */
export const pagesOf = <Kind extends CatalogueKind>(
  kind: Kind,
  { updatedSince, page, pageSize }: Page,
): Transaction<CatalogueRowOf[Kind][]> => ({
  infno: INFNO[kind],
  input: { data: { updt_time: updatedSince, page_num: page, page_size: pageSize } },
  read: ({ output }: { output: unknown }) => rowsOf(output, 'data').map(READERS[kind]),
})

const INFNO = {
  items: '1312',
  matches: '1316',
  own_matches: '1317',
  price_limits: '1318',
  first_shares: '1319',
} as const

const READERS: { [Kind in CatalogueKind]: (fields: Fields) => CatalogueRowOf[Kind] } = {
  items: (fields) => ({
    code: textOf(fields, 'hilist_code'),
    name: textOf(fields, 'hilist_name'),
    chargeType: optionalTextOf(fields, 'med_chrgitm_type'),
    level: levelOf(fields),
    isLimited: optionalTextOf(fields, 'lmt_used_flag') === '1',
    listType: optionalTextOf(fields, 'list_type') ?? '',
    ...datedOf(fields),
  }),
  matches: (fields) => ({
    nationalCode: textOf(fields, 'med_list_codg'),
    code: textOf(fields, 'hilist_code'),
    listType: optionalTextOf(fields, 'list_type') ?? '',
    ...datedOf(fields),
  }),
  own_matches: (fields) => ({
    fixmedinsCode: textOf(fields, 'fixmedins_code'),
    ownCode: textOf(fields, 'medins_list_codg'),
    ownName: optionalTextOf(fields, 'medins_list_name'),
    nationalCode: textOf(fields, 'med_list_codg'),
    listType: optionalTextOf(fields, 'list_type') ?? '',
    ...datedOf(fields),
  }),
  price_limits: (fields) => ({
    code: textOf(fields, 'hilist_code'),
    limitType: optionalTextOf(fields, 'hilist_lmtpric_type') ?? '',
    limitMicroYuan: microYuanOf(fields, 'hilist_pric_uplmt_amt'),
    ...datedOf(fields),
  }),
  first_shares: (fields) => ({
    code: textOf(fields, 'hilist_code'),
    personType: optionalTextOf(fields, 'selfpay_prop_psn_type') ?? '',
    shareType: optionalTextOf(fields, 'selfpay_prop_type') ?? '',
    shareBp: ratioBpOf(fields, 'selfpay_prop'),
    ...datedOf(fields),
  }),
}

const datedOf = (fields: Fields) => ({
  region: optionalTextOf(fields, 'insu_admdvs'),
  from: dayOf(fields, 'begndate'),
  to: optionalDayOf(fields, 'enddate'),
  isValid: optionalTextOf(fields, 'vali_flag') !== '0',
  updatedAt: optionalTextOf(fields, 'updt_time'),
})
