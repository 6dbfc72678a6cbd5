import { isBusinessDate } from '../../../../kernel/time.ts'
import type { Handler } from '../centre.ts'
import { date, oneOf, optional, readFields, text } from '../fields.ts'
import { Refusal } from '../refusal.ts'
import { DICTIONARIES } from '../tables/dictionary.ts'
import { JsonNumber, memberOf } from '../wire-json.ts'

/** 1201: by code, or by a part of the name. */
export const institutions: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'medinsinfo'), INSTITUTION, 'medinsinfo')
  if (data.fixmedins_type !== HOSPITAL_TYPE) return { medinsinfo: [] }
  const found = [...centre.hospitals.values()].filter(
    ({ insuranceCode, name }) =>
      (data.fixmedins_code === null || insuranceCode === data.fixmedins_code) &&
      (data.fixmedins_name === null || name.includes(data.fixmedins_name)),
  )
  return {
    medinsinfo: found.map(({ insuranceCode, name, level }) => ({
      fixmedins_code: insuranceCode,
      fixmedins_name: name,
      uscc: `12${insuranceCode.padStart(16, '0')}`,
      fixmedins_type: HOSPITAL_TYPE,
      hosp_lv: String(level),
    })),
  }
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

const HOSPITAL_TYPE = '1' // 定点医疗机构; '2' is a pharmacy

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
