// Answers as docs/interface/hospital-standard.md draws them.

export const ok = (data: unknown) => ({ code: 'OK', message: '', data })

export const item = {
  lineNo: 1,
  code: 'Y0001',
  nationalCode: 'XC07AB02',
  name: '美托洛尔片',
  spec: '25mg*20',
  unit: '盒',
  chargeCategory: '09',
  insuranceClass: 'A',
  unitPriceFen: 1_250,
  quantity: 2,
  amountFen: 2_500,
  status: 'charged',
}

export const bill = {
  billNo: 'B1',
  version: 1,
  kind: 'outpatient',
  visitNo: 'V1',
  patientNo: 'P1',
  department: { code: '0301', name: '心血管内科' },
  doctor: { code: 'D7', name: '李医生' },
  diagnosis: { code: 'I10', name: '高血压' },
  createdAt: '2026-11-21T09:30:00+08:00',
  totalFen: 3_000,
  status: 'open',
  paymentNo: null,
  receiptNo: null,
  items: [item, { ...item, lineNo: 2, unitPriceFen: 500, quantity: 1, amountFen: 500 }],
}

export const dayRow = {
  kind: 'payment',
  paymentNo: 'PAY1',
  refundNo: null,
  billNo: 'B1',
  receiptNo: 'R1',
  amountFen: 3_000,
  at: '2026-11-20T10:00:00+08:00',
  tenders: [
    { kind: 'pooled', amountFen: 2_000 },
    { kind: 'self_pay', amountFen: 1_000 },
  ],
}
