import type {
  ComparedGroup,
  ComparisonResult,
  InsuranceCentre,
} from '../../../modules/insurance/index.ts'
import { packRows, reportedFund, resultOf, unpackDifferences } from './comparison-file.ts'
import type { NationalInsuranceParams } from './params.ts'
import type { Profile } from './profile.ts'
import type { Ask } from './session.ts'
import type { Transaction } from './transport.ts'
import { type Fields, fieldsOf, listOf, optionalTextOf, textOf, Unreadable, yuan } from './wire.ts'

type Comparing = Pick<
  InsuranceCentre,
  'compareTotals' | 'uploadFile' | 'compareDetails' | 'downloadFile'
>
type RequestOf<Name extends keyof Comparing> = Parameters<Comparing[Name]>[1]

/** 3201, 9101, 3202 and 9102. */
export function createComparing(
  ask: Ask,
  profile: Profile,
  { fixmedinsCode }: NationalInsuranceParams,
): Comparing {
  return {
    compareTotals: (call, group) => ask(call, totals(group, profile)),
    uploadFile: (call, file) => ask(call, upload(file, fixmedinsCode, profile)),
    compareDetails: (call, group) => ask(call, details(group, profile)),
    async downloadFile(call, file) {
      const answer = await ask(call, download(file))
      return answer.outcome === 'ok' ? unpackDifferences(answer.data, profile) : answer
    },
  }
}

const totals = (
  group: RequestOf<'compareTotals'>,
  profile: Profile,
): Transaction<{ result: ComparisonResult; text: string }> => ({
  infno: '3201',
  input: {
    data: {
      insutype: group.insutype,
      ...groupInput(group, profile),
      acct_pay: yuan(group.accountFen),
    },
  },
  read({ output }) {
    const stmtinfo = onlyOne(fieldsOf(output, 'output')['stmtinfo'], 'stmtinfo')
    return {
      result: resultOf(textOf(stmtinfo, 'stmt_rslt')),
      text: optionalTextOf(stmtinfo, 'stmt_rslt_dscr') ?? '',
    }
  },
})

function upload(
  { filename, rows }: RequestOf<'uploadFile'>,
  fixmedinsCode: string,
  profile: Profile,
): Transaction<{ fileQueryNo: string }> {
  const bytes = packRows(filename, rows, profile)
  const content =
    profile.fileBytesAs === 'base64' ? Buffer.from(bytes).toString('base64') : [...bytes]
  return {
    infno: '9101',
    input: { fsUploadIn: { in: content, filename, fixmedins_code: fixmedinsCode } },
    withFile: true,
    read: ({ output }) => ({ fileQueryNo: textOf(dataOf(output), 'file_qury_no') }),
  }
}

const details = (
  group: RequestOf<'compareDetails'>,
  profile: Profile,
): Transaction<{ fileQueryNo: string; filename: string }> => ({
  infno: '3202',
  input: {
    data: {
      ...groupInput(group, profile),
      file_qury_no: group.fileQueryNo,
      cash_payamt: yuan(group.cashFen),
    },
  },
  withFile: true,
  read({ output }) {
    const fileinfo = onlyOne(fieldsOf(output, 'output')['fileinfo'], 'fileinfo')
    return {
      fileQueryNo: textOf(fileinfo, 'file_qury_no'),
      filename: textOf(fileinfo, 'filename'),
    }
  },
})

const download = ({ fileQueryNo, filename }: RequestOf<'downloadFile'>): Transaction<Buffer> => ({
  infno: '9102',
  input: {
    fsDownloadIn: { file_qury_no: fileQueryNo, filename, fixmedins_code: FIXED_DOWNLOADER },
  },
  withFile: true,
  readArchive: (bytes) => bytes,
  read() {
    throw new Unreadable('an answer without a file')
  },
})

/** 9102 wants this word in place of the institution's code. */
const FIXED_DOWNLOADER = 'plc'

const groupInput = (group: ComparedGroup, profile: Profile) => ({
  clr_type: group.clrType,
  setl_optins: group.setlOptins,
  stmt_begndate: group.date,
  stmt_enddate: group.date,
  medfee_sumamt: yuan(group.totalFen),
  fund_pay_sumamt: yuan(reportedFund(group, profile)),
  fixmedins_setl_cnt: group.count,
})

function onlyOne(value: unknown, what: string): Fields {
  const [first, ...others] = listOf(value, what)
  if (!first || others.length > 0) throw new Unreadable(`${what} is not one`)
  return first
}

/** Some centres put the fields of 9101 into a node of their own. */
function dataOf(output: unknown): Fields {
  const fields = fieldsOf(output, 'output')
  return 'data' in fields ? fieldsOf(fields['data'], 'data') : fields
}
