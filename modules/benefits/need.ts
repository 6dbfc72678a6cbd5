export const NEED_KINDS = [
  'minimum_living', // 低保
  'extreme_poverty', // 特困
  'near_poverty', // 低保边缘
  'poverty_relief', // 脱贫及监测人口
  'severe_disability', // 重度残疾
  'orphan', // 孤儿、事实无人抚养儿童
  'other',
] as const

/** Why somebody is in need, as the lists of civil affairs name it. */
export type NeedKind = (typeof NEED_KINDS)[number]
