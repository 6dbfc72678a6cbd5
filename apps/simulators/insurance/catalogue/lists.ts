import { businessDateOf } from '../../../../kernel/time.ts'
import type { CatalogueItem } from '../../world/world.ts'
import type { Call, Centre, Handler } from '../centre.ts'
import { CLASS_CODES, priceLimit } from '../fee-details.ts'
import { decimal, optional, readFields, text } from '../fields.ts'
import { listTypeOf } from '../queries/visits.ts'
import { Refusal } from '../refusal.ts'
import { JsonNumber, memberOf, ratio, type WireObject } from '../wire-json.ts'

/** 1312 医保目录. */
export const insuranceList: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), INSURANCE_LIST, 'data')
  const items = itemsOf(centre).filter(
    (item) =>
      is(data.hilist_code, item.nationalCode) &&
      (data.hilist_name === null || item.name.includes(data.hilist_name)) &&
      is(data.med_chrgitm_type, item.chargeCategory) &&
      is(data.chrgitm_lv, CLASS_CODES[item.insuranceClass]) &&
      is(data.list_type, listTypeOf(item.chargeCategory)),
  )
  return paged(data, items, (item) => ({
    hilist_code: item.nationalCode,
    hilist_name: item.name,
    med_chrgitm_type: item.chargeCategory,
    chrgitm_lv: CLASS_CODES[item.insuranceClass],
    lmt_used_flag: '0',
    list_type: listTypeOf(item.chargeCategory),
    med_use_flag: '1',
    matn_used_flag: '0',
    hilist_use_type: '1',
    lmt_cpnd_type: '0',
    ...common(centre, call, '1312', item),
  }))
}

/** 1317: what the hospital's own items were matched to, as its price list has it. */
export const matchedItems: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), MATCHES, 'data')
  if (!is(data.fixmedins_code, call.fixmedinsCode)) {
    throw new Refusal('data.fixmedins_code', '与报文的定点医药机构编号不一致')
  }
  const items = itemsOf(centre).filter(
    (item) => is(data.medins_list_codg, item.code) && is(data.med_list_codg, item.nationalCode),
  )
  return paged(data, items, (item) => ({
    fixmedins_code: call.fixmedinsCode,
    medins_list_codg: item.code,
    medins_list_name: item.name,
    list_type: listTypeOf(item.chargeCategory),
    med_list_codg: item.nationalCode,
    ...common(centre, call, '1317', item),
  }))
}

/** 1318 限价. */
export const priceLimits: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), LIMITS, 'data')
  const items = itemsOf(centre).filter(
    (item) => item.priceLimitFen !== null && is(data.hilist_code, item.nationalCode),
  )
  return paged(data, items, (item) => ({
    hilist_code: item.nationalCode,
    hilist_lmtpric_type: '1',
    overlmt_dspo_way: '1', // 超限部分自费
    hilist_pric_uplmt_amt: priceLimit(item.priceLimitFen),
    ...common(centre, call, '1318', item),
  }))
}

/** 1319 先自付比例. */
export const firstShares: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), PAGE, 'data')
  return paged(data, itemsOf(centre), (item) => ({
    hilist_code: item.nationalCode,
    selfpay_prop_psn_type: '1',
    selfpay_prop_type: '1',
    selfpay_prop: ratio({ A: 0, B: item.firstSharePpm, C: 1_000_000 }[item.insuranceClass]),
    ...common(centre, call, '1319', item),
  }))
}

function paged(
  { page_num: page, page_size: size }: { page_num: bigint; page_size: bigint },
  items: readonly CatalogueItem[],
  rowOf: (item: CatalogueItem) => WireObject,
): WireObject {
  if (page < 1n) throw new Refusal('data.page_num', '应从1开始')
  if (size < 1n || size > PAGE_MAX) throw new Refusal('data.page_size', `应为1至${PAGE_MAX}`)
  const from = Number((page - 1n) * size)
  const pages = Math.ceil(items.length / Number(size))
  return {
    data: items.slice(from, from + Number(size)).map(rowOf),
    recordCounts: new JsonNumber(String(items.length)),
    pages: new JsonNumber(String(pages)),
  }
}

/** By code, so that pages neither repeat nor leave out. */
const itemsOf = ({ catalogue }: Centre): CatalogueItem[] =>
  [...catalogue.values()].sort((a, b) => (a.nationalCode < b.nationalCode ? -1 : 1))

const common = (centre: Centre, call: Call, of: string, item: CatalogueItem): WireObject => ({
  insu_admdvs: centre.admdvs,
  begndate: '2020-01-01',
  enddate: null,
  vali_flag: '1',
  rid: `${of}-${item.nationalCode}`.slice(0, 40),
  updt_time: businessDateOf(call.at),
})

const is = (wanted: string | null, has: string) => wanted === null || wanted === has

const PAGE_MAX = 100n
const PAGE = { page_num: decimal(4, 0), page_size: decimal(4, 0) }
const INSURANCE_LIST = {
  ...PAGE,
  hilist_code: optional(text(30)),
  hilist_name: optional(text(200)),
  med_chrgitm_type: optional(text(6)),
  chrgitm_lv: optional(text(3)),
  list_type: optional(text(30)),
}
const MATCHES = {
  ...PAGE,
  fixmedins_code: optional(text(30)),
  medins_list_codg: optional(text(30)),
  med_list_codg: optional(text(30)),
}
const LIMITS = { ...PAGE, hilist_code: optional(text(30)) }
