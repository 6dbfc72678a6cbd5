import type { HospitalId } from '../../../kernel/id.ts'
import type { Fen } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'

/** The demo region as it really is, from which every outside system knows its own part. */
export type World = {
  hospitals: WorldHospital[]
  people: WorldPerson[]
  catalogue: CatalogueItem[]
}

export type WorldHospital = {
  id: HospitalId // 1, 2, 3
  insuranceCode: string // 定点医药机构编号, 12 characters
  name: string
  shortName: string
  level: 1 | 2 | 3
  departments: WorldDepartment[]
}

export type WorldDepartment = {
  code: string
  name: string
  subjectCode: string // 诊疗科目代码
  location: string // "门诊楼 2 层 B 区"
  doctors: { code: string; name: string; title: string; registrationFeeFen: Fen }[]
}

export type WorldPerson = {
  no: number // 1 … n
  name: string
  gender: 'male' | 'female'
  birthDate: BusinessDate
  idCardNo: string // 18 characters with a right check digit, of an area code that is not in use
  phone: string
  openid: string // of the wallet
  insurance: WorldInsurance | null
  media: {
    socialCardNo: string
    insuranceVoucher: string // 医保电子凭证令牌
    healthCode: string
    bankCardNo: string // Luhn-valid, of a test range
    hospitalCards: { hospitalId: HospitalId; cardNo: string }[]
  }
}

export type WorldInsurance = {
  personNo: string // psn_no
  scheme: '310' | '390' // 职工 | 居民
  status: 'active' | 'suspended'
  admdvs: string // 参保地, six digits
  accountBalanceFen: Fen // 个人账户
  retired: boolean
}

export type CatalogueItem = {
  code: string // the hospital's
  nationalCode: string // med_list_codg
  name: string
  spec: string
  unit: string
  priceFen: Fen
  chargeCategory: string // med_chrgitm_type, two digits
  insuranceClass: 'A' | 'B' | 'C' // 甲 乙 丙
  /** 先自付比例, parts per million: 0 for class A, 1,000,000 for C. */
  firstSharePpm: number
  /** 限价; null where there is none. */
  priceLimitFen: Fen | null
}
