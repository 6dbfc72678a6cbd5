import { isBusinessDate } from '../../../../kernel/time.ts'
import type { Centre, Handler } from '../centre.ts'
import { date, oneOf, optional, readFields, text } from '../fields.ts'
import { Refusal } from '../refusal.ts'
import { DICTIONARIES } from '../tables/dictionary.ts'
import { JsonNumber, memberOf } from '../wire-json.ts'

/** 1201: by code, by a part of the name, or all of a kind. */
export const institutions: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'medinsinfo'), INSTITUTION, 'medinsinfo')
  const found = designated(centre, data.fixmedins_type).filter(
    ({ code, name }) =>
      (data.fixmedins_code === null || code === data.fixmedins_code) &&
      (data.fixmedins_name === null || name.includes(data.fixmedins_name)),
  )
  return {
    medinsinfo: found.slice(0, MOST_ROWS).map(({ code, name, level }) => ({
      fixmedins_code: code,
      fixmedins_name: name,
      uscc: `12${code.padStart(16, '0')}`,
      fixmedins_type: data.fixmedins_type,
      hosp_lv: level,
    })),
  }
}

const MOST_ROWS = 999

function designated(centre: Centre, type: string) {
  if (type === PHARMACY_TYPE) {
    return PHARMACIES.map((name, i) => {
      const code = `P${centre.admdvs}${String(i + 1).padStart(5, '0')}`
      return { code, name, level: '' }
    })
  }
  if (type !== HOSPITAL_TYPE) return []
  return [...centre.hospitals.values()].map(({ insuranceCode: code, name, level }) => ({
    code,
    name,
    level: String(level),
  }))
}

/** 1901: all codes of one dictionary. The province's own med_type are among them. */
export const dictionary: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), DICTIONARY, 'data')
  if (data.admdvs !== centre.admdvs) throw new Refusal('data.admdvs', '不是本统筹区')
  const codes = Object.hasOwn(DICTIONARIES, data.type) ? DICTIONARIES[data.type] : undefined
  if (!codes) throw new Refusal('data.type', '字典不存在')
  const { visitKinds } = call.hospital.profile
  const used =
    data.type === 'med_type'
      ? [...visitKinds].map(([value, { name }]) => [value, name] as const)
      : Object.entries(codes)
  const valid = data.valiFlag === '1' && isBusinessDate(data.date)
  return {
    list: (valid ? used : []).map(([value, label], index) => ({
      type: data.type,
      label,
      value,
      parentValue: data.parentValue,
      sort: new JsonNumber(String(index + 1)),
      valiFlag: '1',
      createUser: 'nhsa',
      createDate: '2020-01-01',
      version: '1',
    })),
  }
}

const HOSPITAL_TYPE = '1' // 定点医疗机构
const PHARMACY_TYPE = '2' // 定点零售药店

// Invented, as everybody here is.
const PHARMACIES = ['百草堂大药房', '安康大药房', '济生药店']

const INSTITUTION = {
  fixmedins_type: text(6),
  fixmedins_name: optional(text(200)),
  fixmedins_code: optional(text(12)),
}

const DICTIONARY = {
  type: text(30),
  parentValue: optional(text(10)),
  admdvs: text(6),
  date,
  valiFlag: oneOf('0', '1'),
}
