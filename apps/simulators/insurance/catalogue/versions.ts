import { toYuanText } from '../../../../kernel/money.ts'
import { addDays, businessDateOf } from '../../../../kernel/time.ts'
import type { CatalogueItem } from '../../world/world.ts'
import type { Centre, Handler } from '../centre.ts'
import { CLASS_CODES } from '../fee-details.ts'
import { readFields, text } from '../fields.ts'
import { keepFile, writeRows } from '../files.ts'
import { type Store, textOf } from '../store.ts'
import { JsonNumber, memberOf, type WireObject } from '../wire-json.ts'

// Every published row has a version of its own, ascending. A hospital gives the greatest it has and
// is given a file of what came after; it asks on until data_cnt is 0. A row published again
// replaces the one of its code; vali_flag 0 withdraws it.

/** 1301 to 1308; of 1303 自制剂 and 1304 民族药 the world has none. */
export const downloadCatalogue: Handler = (centre, call) => {
  const { ver } = readFields(memberOf(call.input, 'data'), { ver: text(20) }, 'data')
  const rows = centre.store.all(
    'select ver, cells from catalogue_row where infno = ? and ver > ? order by ver limit ?',
    [call.infno, ver === NOTHING_YET ? '' : ver, FILE_ROWS],
  )
  const lines = rows.map((row) => [
    ...(JSON.parse(textOf(row, 'cells')) as string[]),
    textOf(row, 'ver'),
  ])
  const zip = writeRows(`${call.infno}.txt`, lines, call.at)
  const file: WireObject = keepFile(centre, call, zip, (no) => `${call.infno}_${no}.zip`)
  return {
    file_qury_no: memberOf(file, 'file_qury_no'),
    filename: memberOf(file, 'filename'),
    dld_end_time: addDays(businessDateOf(call.at), KEPT_DAYS),
    data_cnt: new JsonNumber(String(rows.length)),
  }
}

/** Publishes the items that are new or not as they were; gives how many. */
export function publishItems({ store }: Centre, items: readonly CatalogueItem[]): number {
  return store.transaction(() => {
    const rows = items.map((item) => ({
      infno: downloadOf(item),
      code: item.nationalCode,
      cells: cellsOf(item),
    }))
    return publish(store, rows) + publish(store, DISEASES) + publish(store, OPERATIONS)
  })
}

type Published = { infno: string; code: string; cells: string[] }

function publish(store: Store, rows: readonly Published[]): number {
  let published = 0
  for (const { infno, code, cells } of rows) {
    const text = JSON.stringify(cells)
    const last = store.get(
      'select cells from catalogue_row where infno = ? and code = ? order by ver desc limit 1',
      [infno, code],
    )
    if (last && textOf(last, 'cells') === text) continue
    const newest = store.get("select coalesce(max(ver), 'V0') as ver from catalogue_row")
    const ver = `V${String(Number(textOf(newest, 'ver').slice(1)) + 1).padStart(12, '0')}`
    store.run('insert into catalogue_row values (?, ?, ?, ?)', [ver, infno, code, text])
    published += 1
  }
  return published
}

function downloadOf({ chargeCategory }: CatalogueItem): string {
  if (chargeCategory === '09' || chargeCategory === '11') return '1301'
  if (chargeCategory === '10') return '1302'
  return chargeCategory === '08' ? '1306' : '1305'
}

/** med_list_codg, name, spec, unit, med_chrgitm_type, chrgitm_lv, selfpay_prop, limit, vali_flag. */
const cellsOf = (item: CatalogueItem): string[] => [
  item.nationalCode,
  item.name,
  item.spec,
  item.unit,
  item.chargeCategory,
  CLASS_CODES[item.insuranceClass],
  shareText(item),
  item.priceLimitFen === null ? '' : toYuanText(item.priceLimitFen),
  '1',
]

function shareText({ firstSharePpm, insuranceClass }: CatalogueItem): string {
  const share = { A: 0, B: firstSharePpm, C: 1_000_000 }[insuranceClass]
  const digits = String(Math.round(share / 100)).padStart(5, '0')
  return `${digits.slice(0, 1)}.${digits.slice(1)}`
}

// A few of each, as an outpatient department meets them. Code, name, vali_flag.
const DISEASES: readonly Published[] = [
  ['J06.900', '急性上呼吸道感染'],
  ['J18.900', '肺炎'],
  ['I10.x00', '特发性(原发性)高血压'],
  ['E11.900', '2型糖尿病不伴有并发症'],
  ['K29.500', '慢性胃炎'],
  ['I25.100', '动脉硬化性心脏病'],
].map(([code = '', name = '']) => ({ infno: '1307', code, cells: [code, name, '1'] }))

const OPERATIONS: readonly Published[] = [
  ['47.0100', '腹腔镜下阑尾切除术'],
  ['51.2300', '腹腔镜下胆囊切除术'],
  ['13.4100', '白内障超声乳化抽吸术'],
].map(([code = '', name = '']) => ({ infno: '1308', code, cells: [code, name, '1'] }))

const NOTHING_YET = '0'
const FILE_ROWS = 1_000
const KEPT_DAYS = 7
