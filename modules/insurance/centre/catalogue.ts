import type { BusinessDate } from '../../../kernel/time.ts'
import type { CentreAnswer, CentreCall, LineLevel, UnreadableFile } from '../insurance-centre.ts'

/** 目录下载: the national catalogues as files, and the province's rules for them page by page. */
export interface CatalogueCentre {
  /** 1301 to 1311 and 1313 to 1315. What has changed since a version; '0' is everything. */
  catalogueFile(
    call: CentreCall,
    which: { infno: CatalogueFileInfno; sinceVersion: string },
  ): Promise<CentreAnswer<CatalogueFile>>
  /**
   * 9102, batch by batch, of whatever size the file is.
   *
   * Errors: the last part is not 'ok' where the file cannot be read to its end; what came before it is then
   * not to be believed either.
   */
  catalogueFileRows(
    call: CentreCall,
    which: { infno: CatalogueFileInfno; file: CatalogueFile },
  ): AsyncIterable<CentreAnswer<CatalogueFileRow[]> | UnreadableFile>
  /**
   * 1312 and 1316 to 1319, page by page; `nextCall` gives each message its number. The last part is not
   * 'ok' where a page did not come; its `page` tells where to go on.
   */
  cataloguePages<Kind extends CatalogueKind>(
    nextCall: () => CentreCall | Promise<CentreCall>,
    which: { kind: Kind; updatedSince: BusinessDate; firstPage: number; pageSize: number },
  ): AsyncIterable<{ page: number; answer: CentreAnswer<CatalogueRowOf[Kind][]> }>
}

/** Drugs, herbs, own preparations, ethnic drugs, services, consumables, diagnoses, operations, … */
export type CatalogueFileInfno =
  | '1301'
  | '1302'
  | '1303'
  | '1304'
  | '1305'
  | '1306'
  | '1307'
  | '1308'
  | '1309'
  | '1310'
  | '1311'
  | '1313'
  | '1314'
  | '1315'

export type CatalogueFile = {
  fileQueryNo: string
  filename: string
  downloadUntil: string
  rowCount: number | null
}

/** `columns` are all of the line, as the province's edition has them. */
export type CatalogueFileRow = {
  code: string
  name: string
  version: string | null
  columns: readonly string[]
  /** Where the province's layout has them; null or, of isValid, true where it does not. */
  spec: string | null
  unit: string | null
  form: string | null
  substance: string | null
  isValid: boolean
}

export type CatalogueKind = keyof CatalogueRowOf

export type CatalogueRowOf = {
  items: CatalogueItem // 1312
  matches: CatalogueMatch // 1316
  own_matches: OwnMatch // 1317
  price_limits: PriceLimit // 1318
  first_shares: FirstShareRule // 1319
}

type Dated = {
  region: string | null // insu_admdvs
  from: BusinessDate
  to: BusinessDate | null
  isValid: boolean
  updatedAt: string | null // as the centre wrote it
}

export type CatalogueItem = Dated & {
  code: string // hilist_code
  name: string
  chargeType: string | null // med_chrgitm_type
  level: LineLevel | null
  isLimited: boolean // lmt_used_flag: covered for some indications only
  listType: string
}

export type CatalogueMatch = Dated & { nationalCode: string; code: string; listType: string }

export type OwnMatch = Dated & {
  fixmedinsCode: string
  ownCode: string
  ownName: string | null
  nationalCode: string
  listType: string
}

export type PriceLimit = Dated & {
  code: string
  limitType: string
  limitMicroYuan: number // per unit, in millionths of a yuan
}

export type FirstShareRule = Dated & {
  code: string
  personType: string
  shareType: string
  shareBp: number
}
