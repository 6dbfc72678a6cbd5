import type { HisBill } from '../hospitals/index.ts'
import type { Payable } from '../payments/index.ts'

/** A hospital's bill as payments sees it: amounts with lines, and a title a payer recognises. */
export function payableOf(bill: HisBill): Payable {
  const { billNo, version, visitNo, patientNo, kind, department, doctor, diagnosis, totalFen } =
    bill
  return {
    billNo,
    version,
    visitNo,
    patientNo,
    kind,
    title: `${department.name} ${doctor.name}`,
    department,
    doctor,
    diagnosis,
    billedAt: bill.createdAt,
    totalFen,
    lines: bill.items.map((item) => ({
      billNo,
      lineNo: item.lineNo,
      code: item.code,
      nationalCode: item.nationalCode,
      name: item.name,
      spec: item.spec,
      unit: item.unit,
      chargeCategory: item.chargeCategory,
      insuranceClass: item.insuranceClass,
      unitPriceFen: item.unitPriceFen,
      quantity: item.quantity,
      amountFen: item.amountFen,
    })),
  }
}
