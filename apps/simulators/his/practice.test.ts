import { expect, it } from 'vitest'

import { practiceOf } from './practice.ts'
import { world } from './testing.ts'

const subjects = new Set(world.hospitals.flatMap((h) => h.departments.map((d) => d.subjectCode)))

it.each([...subjects])(
  'what subject %s orders is on the price list, and no subject is missing',
  (subject) => {
    const { items, diagnoses } = practiceOf(subject)
    const names = world.catalogue.map((i) => i.name)
    expect(items.filter((name) => !names.includes(name))).toEqual([])
    expect(new Set(items).size).toBe(items.length)
    for (const { code, name } of diagnoses) {
      expect(code).toMatch(/^[A-Z]\d\d(\.\d)?$/)
      expect(name).not.toBe('')
    }
    expect(subject === '02' || practiceOf(subject) !== practiceOf('02')).toBe(true)
  },
)
