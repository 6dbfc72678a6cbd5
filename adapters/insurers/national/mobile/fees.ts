import { toYuanText } from '../../../../kernel/money.ts'
import { toShanghaiText } from '../../../../kernel/time.ts'
import type { MobileFees } from '../../../../modules/insurance/index.ts'
import type { Fields } from '../wire.ts'

/** The bill of 6201. The lines add up to the total: the platform refuses them otherwise. */
export const feesOf = (orgCodg: string, fees: MobileFees): Fields => ({
  ...(fees.consent.kind === 'voucher'
    ? { ecToken: fees.consent.token }
    : { payAuthNo: fees.consent.payAuthNo }),
  ...(fees.mdtrtId === null ? {} : { mdtrtId: fees.mdtrtId }),
  orgCodg,
  psnNo: fees.psnNo,
  insutype: fees.insutype,
  medOrgOrd: fees.orderNo,
  begntime: toShanghaiText(fees.begunAt),
  idNo: fees.person.idNo,
  userName: fees.person.name,
  idType: fees.person.idType,
  insuCode: fees.insuredRegion,
  iptOtpNo: fees.visitNo,
  deptName: fees.department.name,
  deptCode: fees.department.code,
  caty: OTHER_DEPARTMENT,
  medType: fees.medType,
  feeType: fees.feeType,
  medfeeSumamt: toYuanText(fees.totalFen),
  psnSetlway: BY_ITEM,
  chrgBchno: fees.batchNo,
  pubHospRfomFlag: '0',
  fulamtOwnpayAmt: toYuanText(fees.ownFen),
  overlmtSelfpay: toYuanText(fees.overLimitFen),
  preselfpayAmt: toYuanText(fees.firstShareFen),
  inscpScpAmt: toYuanText(fees.inScopeFen),
  feedetailList: fees.lines.map((line) => ({
    feedetlSn: line.lineId,
    feeOcurTime: toShanghaiText(line.at),
    medListCodg: line.nationalCode,
    medinsListCodg: line.ownCode,
    detItemFeeSumamt: toYuanText(line.amountFen),
    cnt: String(line.quantity),
    pric: toYuanText(line.unitPriceFen),
    bilgDeptCodg: line.department.code,
    bilgDeptName: line.department.name,
    bilgDrCodg: line.doctor.code,
    bilgDrName: line.doctor.name,
  })),
  diseinfoList: fees.diagnoses.map(({ code, name, department, doctor, at }, i) => ({
    diagType: '1',
    diagSrtNo: String(i + 1),
    diagCode: code,
    diagName: name,
    diagDept: department.name,
    diseDorNo: doctor.code,
    diseDorName: doctor.name,
    diagTime: toShanghaiText(at),
    valiFlag: '1',
  })),
})

const OTHER_DEPARTMENT = 'A69'
const BY_ITEM = '01'
