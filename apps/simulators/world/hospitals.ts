import type { HospitalId } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { pick, type Random, randomBelow } from '../../../kernel/random.ts'
import { randomName } from './person-name.ts'
import { CONSULTATION_FEES } from './services.ts'
import type { WorldDepartment, WorldHospital } from './world.ts'

/** The three hospitals of Haiyue, a city that is not on any map. Only their doctors are drawn. */
export const createHospitals = (random: Random): WorldHospital[] =>
  PLANS.map((plan, i) => ({
    id: (i + 1) as HospitalId,
    insuranceCode: `H9901${String(i + 1).padStart(7, '0')}`,
    name: plan.name,
    shortName: plan.shortName,
    level: plan.level,
    departments: plan.departments.map((key, place) =>
      createDepartment(random, {
        level: plan.level,
        key,
        code: `${i + 1}${pad(place + 1)}`,
        place,
      }),
    ),
  }))

function createDepartment(
  random: Random,
  { level, key, code, place }: { level: Level; key: DepartmentKey; code: string; place: number },
): WorldDepartment {
  const { name, subjectCode } = DEPARTMENTS[key]
  const titles = TITLES.slice(0, 2 + randomBelow(random, TITLES.length - 1))
  return {
    code,
    name,
    subjectCode,
    location: `门诊楼 ${Math.floor(place / 3) + 1} 层 ${'ABC'.charAt(place % 3)} 区`,
    doctors: titles.map((title, i) => ({
      code: `${code}${pad(i + 1)}`,
      name: randomName(random, pick(random, ['female', 'male'] as const)),
      title,
      registrationFeeFen: fen(CONSULTATION_FEES[`${level}/${title}`].priceFen),
    })),
  }
}

const pad = (no: number) => String(no).padStart(2, '0')

// A department has at least the first two.
const TITLES = ['主任医师', '主治医师', '副主任医师', '主治医师'] as const

/** Subject codes: the national list of 诊疗科目. */
const DEPARTMENTS = {
  general: { name: '全科医学科', subjectCode: '02' },
  respiratory: { name: '呼吸内科', subjectCode: '03.01' },
  digestive: { name: '消化内科', subjectCode: '03.02' },
  neurology: { name: '神经内科', subjectCode: '03.03' },
  cardiology: { name: '心血管内科', subjectCode: '03.04' },
  endocrine: { name: '内分泌科', subjectCode: '03.07' },
  surgery: { name: '普通外科', subjectCode: '04.01' },
  orthopaedics: { name: '骨科', subjectCode: '04.03' },
  urology: { name: '泌尿外科', subjectCode: '04.04' },
  gynaecology: { name: '妇科', subjectCode: '05.01' },
  paediatrics: { name: '儿科', subjectCode: '07' },
  ophthalmology: { name: '眼科', subjectCode: '10' },
  ent: { name: '耳鼻咽喉科', subjectCode: '11' },
  dental: { name: '口腔科', subjectCode: '12' },
  dermatology: { name: '皮肤科', subjectCode: '13' },
  psychology: { name: '临床心理科', subjectCode: '15.06' },
  rehabilitation: { name: '康复医学科', subjectCode: '21' },
  chinese: { name: '中医科', subjectCode: '50' },
} as const

const PLANS: readonly HospitalPlan[] = [
  {
    name: '海岳市人民医院',
    shortName: '市人民医院',
    level: 3,
    departments: [
      'cardiology',
      'endocrine',
      'respiratory',
      'digestive',
      'neurology',
      'orthopaedics',
      'surgery',
      'urology',
      'gynaecology',
      'paediatrics',
      'ophthalmology',
      'dermatology',
    ],
  },
  {
    name: '海岳大学附属第二医院',
    shortName: '大学二院',
    level: 3,
    departments: [
      'cardiology',
      'endocrine',
      'respiratory',
      'digestive',
      'neurology',
      'orthopaedics',
      'gynaecology',
      'paediatrics',
      'ent',
      'dental',
      'psychology',
      'chinese',
    ],
  },
  {
    name: '海岳市云湾区中心医院',
    shortName: '云湾中心医院',
    level: 2,
    departments: [
      'general',
      'cardiology',
      'endocrine',
      'respiratory',
      'digestive',
      'orthopaedics',
      'gynaecology',
      'paediatrics',
      'ophthalmology',
      'dental',
      'rehabilitation',
      'chinese',
    ],
  },
]

type Level = 2 | 3
type DepartmentKey = keyof typeof DEPARTMENTS
type HospitalPlan = {
  name: string
  shortName: string
  level: Level
  departments: readonly DepartmentKey[]
}
