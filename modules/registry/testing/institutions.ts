import { type Institution, NO_DETAIL } from '../institution.ts'

export const institution = (code: string, changes: Partial<Institution> = {}): Institution => ({
  code,
  name: `机构${code}`,
  area: '370102',
  level: null,
  ...NO_DETAIL,
  ...changes,
})
