import type { World } from '../../apps/simulators/world/index.ts'

/**
 * Words that say something of an illness in this world: departments, doctors, items and their codes, the diagnosis, and
 * the words a page would put beside them. Short codes are left out, as they stand in numbers by chance.
 */
export function medicalWordsOf(world: World, diagnosis: { code: string; name: string }): string[] {
  const departments = world.hospitals.flatMap((hospital) => hospital.departments)
  const doctors = departments.flatMap((department) => department.doctors)
  return [
    ...new Set([
      ...departments.map(({ name }) => name),
      ...doctors.map(({ name }) => name).filter((name) => name.length > 2),
      ...world.catalogue.flatMap(({ name, nationalCode }) => [name, nationalCode]),
      ...PAGE_WORDS,
      diagnosis.code,
      diagnosis.name,
    ]),
  ].filter((word) => word.length >= LEAST_LETTERS)
}

const LEAST_LETTERS = 2
const PAGE_WORDS = ['诊断', '科室', '处方', '病历', '药品', '检查项目', '门诊', '住院', '就诊号']
