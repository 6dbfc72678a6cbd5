import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'

/** A medical institution with its own HIS, merchant account and books. */
export type Hospital = {
  id: HospitalId
  /** Its number with the medical insurance (定点医药机构编号), unique. */
  insuranceCode: string
  name: string
  shortName: string
  level: string // 三级甲等
  status: HospitalStatus
}

/** A suspended hospital is not offered to patients; what is under way with it is finished. */
export type HospitalStatus = 'active' | 'suspended'

export type Department = {
  code: string
  name: string
  subjectCode: string
  location: string
  doctors: Doctor[]
}

export type Doctor = { code: string; name: string; title: string; registrationFeeFen: Fen }

/** What a hospital is connected to, by one adapter each: its own system, its insurer, or a channel by its name. */
export type ConnectionKind = string

/** Kinds that are no channel. */
export const SYSTEM_KINDS: readonly ConnectionKind[] = [
  'his',
  'insurance',
  'mobile_insurance',
  'commercial',
  'lender',
]
