import type { Fen } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { CentreAnswer, CentreCall } from '../insurance-centre.ts'

/** 智能审核: the centre's rules held against what is prescribed, before it is paid. It refuses nothing. */
export interface AuditCentre {
  /** 3101 while it is ordered, 3102 while it is billed. */
  audit(
    call: CentreCall,
    stage: 'ordering' | 'billing',
    request: AuditRequest,
  ): Promise<CentreAnswer<AuditFinding[]>>
}

export type AuditRequest = {
  system: string // syscode
  scene: string // trig_scen
  patient: { id: string; name: string; gender: string; bornOn: BusinessDate | null }
  mdtrtId: string
  insutype: string
  medType: string
  diagnosis: { code: string; name: string }
  orders: {
    lineId: string
    nationalCode: string
    ownCode: string
    name: string
    amountFen: Fen
    quantity: number
    at: Date
  }[]
}

export type AuditFinding = {
  findingNo: string // jr_id
  ruleNo: string
  rule: string
  says: string
  lineId: string | null
  amountFen: Fen | null
  severity: string | null // sev_deg
  evidence: string
}
