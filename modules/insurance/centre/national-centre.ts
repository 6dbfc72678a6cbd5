import type { InsuranceCentre } from '../insurance-centre.ts'
import type { AuditCentre } from './audit.ts'
import type { CatalogueCentre } from './catalogue.ts'
import type { ClearingCentre } from './clearing.ts'
import type { FilingCentre } from './filing.ts'
import type { InpatientCentre } from './inpatient.ts'
import type { InquiryCentre } from './inquiries.ts'

/** Everything of the national interface but mobile payment, which is a system of its own. */
export type NationalCentre = InsuranceCentre &
  InpatientCentre &
  InquiryCentre &
  FilingCentre &
  AuditCentre &
  ClearingCentre &
  CatalogueCentre
