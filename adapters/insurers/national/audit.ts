import { toShanghaiText } from '../../../kernel/time.ts'
import type { AuditCentre, AuditFinding, AuditRequest } from '../../../modules/insurance/index.ts'
import type { Ask } from './session.ts'
import type { Reply } from './transport.ts'
import { optionalAmountOf, optionalTextOf, rowsOf, textOf, yuan } from './wire.ts'

/** 3101 and 3102. */
export const createAudit = (ask: Ask): AuditCentre => ({
  audit: (call, stage, request) =>
    ask(
      call,
      stage === 'ordering'
        ? { infno: '3101', ...auditOf(request) }
        : { infno: '3102', ...auditOf(request) },
    ),
})

const auditOf = (request: AuditRequest) => ({
  input: {
    data: {
      syscode: request.system,
      trig_scen: request.scene,
      patn_id: request.patient.id,
      patn_name: request.patient.name,
      gend: request.patient.gender,
      brdy: request.patient.bornOn ?? '',
      curr_mdtrt_id: request.mdtrtId,
      insutype: request.insutype,
      med_type: request.medType,
      diag_code: request.diagnosis.code,
      diag_name: request.diagnosis.name,
      fsi_order_dtos: request.orders.map((order) => ({
        rx_id: order.lineId,
        hilist_code: order.nationalCode,
        hosplist_code: order.ownCode,
        hosplist_name: order.name,
        sumamt: yuan(order.amountFen),
        cnt: order.quantity,
        drord_begn_date: toShanghaiText(order.at),
      })),
    },
  },
  secrets: [request.patient.name],
  read: ({ output }: Reply): AuditFinding[] =>
    rowsOf(output, 'result').map((fields) => ({
      findingNo: textOf(fields, 'jr_id'),
      ruleNo: textOf(fields, 'rule_id'),
      rule: textOf(fields, 'rule_name'),
      says: optionalTextOf(fields, 'vola_cont') ?? '',
      lineId: optionalTextOf(fields, 'feedetl_sn'),
      amountFen: optionalAmountOf(fields, 'vola_amt'),
      severity: optionalTextOf(fields, 'sev_deg'),
      evidence: optionalTextOf(fields, 'vola_evid') ?? '',
    })),
})
