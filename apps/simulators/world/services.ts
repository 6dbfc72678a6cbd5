import { type CatalogueRow, PERCENT } from './catalogue-row.ts'

// Charge categories by the national list med_chrgitm_type.
const CONSULTATION = '02'
const EXAMINATION = '03'
const LABORATORY = '04'
const TREATMENT = '05'
const OPERATION = '06'
const NURSING = '07'
const MATERIAL = '08'
const GENERAL = '12'
const REGISTRATION = '13'
const OTHER = '14'

/** What a visit to a doctor costs, by level of the hospital and title. In the catalogue as class A. */
export const CONSULTATION_FEES = {
  '3/主任医师': { name: '主任医师诊察费（三级）', priceFen: 4000 },
  '3/副主任医师': { name: '副主任医师诊察费（三级）', priceFen: 2600 },
  '3/主治医师': { name: '普通门诊诊察费（三级）', priceFen: 1500 },
  '2/主任医师': { name: '主任医师诊察费（二级）', priceFen: 2800 },
  '2/副主任医师': { name: '副主任医师诊察费（二级）', priceFen: 1800 },
  '2/主治医师': { name: '普通门诊诊察费（二级）', priceFen: 900 },
} as const

/** Prices and classes are invented. A limit below the price leaves a part that no insurance pays. */
export const SERVICES: readonly CatalogueRow[] = [
  ...Object.values(CONSULTATION_FEES).map(({ name, priceFen }) =>
    service(name, CONSULTATION, 'A', '次', priceFen),
  ),
  service('急诊诊察费', CONSULTATION, 'A', '次', 2000),
  service('一般诊疗费', GENERAL, 'A', '次', 1000),
  service('特需门诊挂号费', REGISTRATION, 'C', '次', 10000),
  service('病历本工本费', OTHER, 'C', '本', 100),

  service('常规心电图检查', EXAMINATION, 'A', '次', 2500),
  service('动态心电图检查', EXAMINATION, 'B', '次', 18000, 10),
  service('心脏彩色多普勒超声', EXAMINATION, 'B', '次', 16000, 10, 15000),
  service('腹部彩色多普勒超声', EXAMINATION, 'B', '次', 12000, 10),
  service('甲状腺彩色多普勒超声', EXAMINATION, 'B', '次', 9500, 10),
  service('妇科经阴道超声', EXAMINATION, 'B', '次', 11000, 10),
  service('泌尿系彩色多普勒超声', EXAMINATION, 'B', '次', 10500, 10),
  service('胸部数字化摄影', EXAMINATION, 'A', '次', 7000),
  service('四肢关节数字化摄影', EXAMINATION, 'A', '次', 6500),
  service('胸部CT平扫', EXAMINATION, 'B', '次', 20000, 10, 18000),
  service('头颅CT平扫', EXAMINATION, 'B', '次', 19000, 10, 18000),
  service('头颅磁共振平扫', EXAMINATION, 'B', '次', 48000, 20, 45000),
  service('膝关节磁共振平扫', EXAMINATION, 'B', '次', 46000, 20, 45000),
  service('电子胃镜检查', EXAMINATION, 'B', '次', 22000, 10),
  service('无痛胃镜麻醉费', OPERATION, 'C', '次', 35000),
  service('肺通气功能检查', EXAMINATION, 'A', '次', 6000),
  service('骨密度测定', EXAMINATION, 'B', '次', 9000, 20),
  service('眼底照相', EXAMINATION, 'A', '次', 4000),
  service('验光检查', EXAMINATION, 'C', '次', 3000),
  service('电子鼻咽镜检查', EXAMINATION, 'B', '次', 13000, 10),
  service('口腔曲面体层摄影', EXAMINATION, 'B', '次', 8000, 20),

  service('血常规（五分类）', LABORATORY, 'A', '次', 2000),
  service('尿常规分析', LABORATORY, 'A', '次', 1200),
  service('粪便常规加隐血', LABORATORY, 'A', '次', 1300),
  service('肝功能全套', LABORATORY, 'A', '次', 5200),
  service('肾功能三项', LABORATORY, 'A', '次', 2400),
  service('血脂四项', LABORATORY, 'A', '次', 3200),
  service('空腹血糖测定', LABORATORY, 'A', '次', 500),
  service('糖化血红蛋白测定', LABORATORY, 'A', '次', 5500),
  service('甲状腺功能五项', LABORATORY, 'B', '次', 15000, 10, 14000),
  service('凝血四项', LABORATORY, 'A', '次', 4800),
  service('心肌酶谱', LABORATORY, 'A', '次', 4500),
  service('C反应蛋白测定', LABORATORY, 'A', '次', 2200),
  service('血尿酸测定', LABORATORY, 'A', '次', 600),
  service('幽门螺杆菌呼气试验', LABORATORY, 'B', '次', 8800, 10),
  service('过敏原特异性抗体检测', LABORATORY, 'C', '套', 28000),
  service('呼吸道病毒核酸六项', LABORATORY, 'C', '套', 32000),
  service('阴道分泌物检查', LABORATORY, 'A', '次', 1800),
  service('前列腺特异性抗原测定', LABORATORY, 'B', '次', 7200, 10),

  service('静脉输液', TREATMENT, 'A', '次', 900),
  service('肌肉注射', TREATMENT, 'A', '次', 300),
  service('雾化吸入治疗', TREATMENT, 'A', '次', 1500),
  service('普通针刺', TREATMENT, 'A', '次', 3200),
  service('推拿治疗', TREATMENT, 'B', '次', 5600, 10),
  service('红外线照射治疗', TREATMENT, 'B', '次', 2200, 10),
  service('运动疗法', TREATMENT, 'B', '次', 6400, 10, 6000),
  service('根管治疗', TREATMENT, 'B', '根管', 21000, 20),
  service('龈上洁治', TREATMENT, 'C', '次', 18000),
  service('心理治疗', TREATMENT, 'B', '次', 12000, 20),
  service('鼻腔冲洗', TREATMENT, 'A', '次', 2600),
  service('清创缝合（小）', OPERATION, 'A', '次', 12800),
  service('换药（中）', NURSING, 'A', '次', 2100),

  service('一次性使用输液器', MATERIAL, 'B', '支', 280, 10),
  service('一次性使用采血针', MATERIAL, 'A', '支', 90),
  service('医用弹性绷带', MATERIAL, 'B', '卷', 1350, 20, 1200),
  service('光固化复合树脂', MATERIAL, 'C', '份', 16000),
  service('膝关节固定支具', MATERIAL, 'C', '件', 48000),
  service('一次性使用针灸针', MATERIAL, 'B', '支', 60, 10),
]

function service(
  name: string,
  chargeCategory: string,
  insuranceClass: CatalogueRow['insuranceClass'],
  unit: string,
  priceFen: number,
  firstSharePercent = 0,
  limitFen: number | null = null,
): CatalogueRow {
  const firstSharePpm = insuranceClass === 'C' ? 100 * PERCENT : firstSharePercent * PERCENT
  return {
    nationalStem: chargeCategory === MATERIAL ? 'C' : 'S',
    name,
    spec: unit,
    unit,
    priceFen,
    chargeCategory,
    insuranceClass,
    firstSharePpm,
    limitFen,
  }
}
