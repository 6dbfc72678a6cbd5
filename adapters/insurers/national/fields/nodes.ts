/** Of each transaction: its title and which class of the field tables stands at which node. */
export const NODES: Readonly<Record<string, TransactionNodes>> = {
  '1101': {
    title: '人员信息',
    input: { data: 'In1101data' },
    output: { baseinfo: 'BaseInfo', 'insuinfo[]': 'InsuInfo', 'idetinfo[]': 'IdetInfo' },
  },
  '1201': {
    title: '医药机构信息',
    input: { medinsinfo: 'In1201' },
    output: { 'medinsinfo[]': 'Out1201' },
  },
  ...Object.fromEntries(
    Object.entries({
      '1301': '西药中成药目录下载',
      '1302': '中药饮片目录下载',
      '1303': '医疗机构制剂目录下载',
      '1304': '民族药品目录查询',
      '1305': '医疗服务项目目录下载',
      '1306': '医用耗材目录下载',
      '1307': '疾病与诊断目录下载',
      '1308': '手术操作目录下载',
      '1309': '门诊慢特病种目录下载',
      '1310': '按病种付费病种目录下载',
      '1311': '日间手术治疗病种目录下载',
      '1313': '肿瘤形态学目录下载',
      '1314': '中医疾病目录下载',
      '1315': '中医证候目录下载',
    }).map(([infno, title]): [string, TransactionNodes] => [
      infno,
      { title, from: '1301-1315', input: { data: 'In1301' }, output: { '': 'Out1301' } },
    ]),
  ),
  '1312': paged('医保目录信息查询', 'In1312', 'Out1312'),
  '1316': paged('医疗目录与医保目录匹配信息查询', 'In1316', 'Out1316'),
  '1317': paged('医药机构目录匹配信息查询', 'In1317', 'Out1317'),
  '1318': paged('医保目录限价信息查询', 'In1318', 'Out1318'),
  '1319': paged('医保目录先自付比例信息查询', 'In1319', 'Out1319'),
  '1901': { title: '字典表查询', input: { data: 'In1901' }, output: { 'list[]': 'Out1901' } },
  '2001': { title: '人员待遇检查', input: { data: 'In2001' }, output: { 'trtinfo[]': 'Out2001' } },
  '2201': { title: '门诊挂号', input: { data: 'In2201data' }, output: { data: 'Data' } },
  '2202': { title: '挂号撤销', input: { data: 'In2202data' }, output: {} },
  '2203': {
    title: '就诊信息',
    input: { mdtrtinfo: 'MdtrtInfo', 'diseinfo[]': 'Diseinfo' },
    output: {},
  },
  '2204': {
    title: '费用明细上传',
    input: { 'feedetail[]': 'FeeDetail' },
    output: { 'result[]': 'Result' },
  },
  '2205': { title: '费用明细撤销', input: { data: 'In2205' }, output: {} },
  '2206': {
    title: '预结算',
    input: { data: 'In2206' },
    output: { setlinfo: 'SetlInfo', 'setldetail[]': 'SetlDetail' },
  },
  '2207': {
    title: '结算',
    input: { data: 'In2207' },
    output: { setlinfo: 'SetlInfo2', 'setldetail[]': 'SetlDetail2' },
  },
  '2208': {
    title: '结算撤销',
    input: { data: 'In2208' },
    output: { setlinfo: 'SetlInfo3', 'setldetail[]': 'SetlDetail3' },
  },
  '2301': {
    title: '住院费用明细上传',
    input: { 'feedetail[]': 'Input2301Feedetail' },
    output: { 'result[]': 'Output2301Result' },
  },
  '2302': { title: '住院费用明细撤销', input: { 'data[]': 'Input2302Data' }, output: {} },
  '2303': {
    title: '住院预结算',
    input: { data: 'Input2303Data' },
    output: { setlinfo: 'Output2303Setlinfo', 'setldetail[]': 'Output2303Setldetail' },
  },
  '2304': {
    title: '住院结算',
    input: { data: 'Input2304Data' },
    output: { setlinfo: 'Output2304Setlinfo', 'setldetail[]': 'Output2304Setldetail' },
  },
  // The two classes of 2305 bear each other's names in the source.
  '2305': {
    title: '住院结算撤销',
    input: { data: 'Input2305Data' },
    output: { setlinfo: 'Output2305Setldetail', 'setldetail[]': 'Output2305Setlinfo' },
  },
  '2401': {
    title: '入院办理',
    input: { mdtrtinfo: 'Input2401Mdtrtinfo', 'diseinfo[]': 'Input2401Diseinfo' },
    output: { result: 'Output2401Result' },
  },
  '2402': {
    title: '出院办理',
    input: { dscginfo: 'Input2402Dscginfo', 'diseinfo[]': 'Input2402Diseinfo' },
    output: {},
  },
  '2403': {
    title: '住院信息变更',
    input: { adminfo: 'Input2403Adminfo', 'diseinfo[]': 'Input2403Diseinfo' },
    output: {},
  },
  '2404': { title: '入院撤销', input: { data: 'Input2404Data' }, output: {} },
  '2405': { title: '出院撤销', input: { data: 'Input2405Data' }, output: {} },
  '2501': {
    title: '转院备案',
    input: { refmedin: 'Input2501Refmedin' },
    output: { result: 'Out2501' },
  },
  '2502': { title: '转院备案撤销', input: { data: 'In2502' }, output: {} },
  '2601': { title: '冲正', input: { data: 'In2601' }, output: {} },
  '3101': audit('事前审核'),
  '3102': audit('事中审核'),
  '3201': { title: '对总账', input: { data: 'In3201' }, output: { 'stmtinfo[]': 'Out3201' } },
  '3202': { title: '对明细账', input: { data: 'In3202' }, output: { 'fileinfo[]': 'Out3202' } },
  '3203': { title: '清算申请', input: { data: 'In3203' }, output: { '': 'Out3203' } },
  '3204': { title: '清算申请撤销', input: { data: 'In3204' }, output: {} },
  '3260': {
    title: '异地清分结果提取',
    input: { data: 'Input3260Data' },
    output: { 'data[]': 'Output3260Data' },
  },
  '3261': {
    title: '异地清分结果确认',
    input: { data: 'Input3261Data', 'detail[]': 'Input3261Detail' },
    output: {},
  },
  '3262': { title: '异地清分结果确认回退', input: { data: 'Input3262Data' }, output: {} },
  '5201': {
    title: '就诊信息查询',
    input: { data: 'In5201' },
    output: { 'mdtrtinfo[]': 'Out5201' },
  },
  '5202': { title: '诊断信息查询', input: { data: 'In5202' }, output: { 'diseinfo[]': 'Out5202' } },
  '5203': {
    title: '结算信息查询',
    input: { data: 'In5203' },
    output: { setlinfo: 'Setlinfo', 'setldetail[]': 'Setldetail' },
  },
  '5204': {
    title: '费用明细查询',
    input: { data: 'In5204' },
    output: { 'feedetail[]': 'Out5204' },
  },
  '5205': {
    title: '人员慢特病用药记录查询',
    input: { data: 'In5205' },
    output: { 'feedetail[]': 'Out5205' },
  },
  '5206': {
    title: '人员累计信息查询',
    input: { data: 'In5206' },
    output: { 'cuminfo[]': 'Out5206' },
  },
  '5301': {
    title: '人员慢特病备案查询',
    input: { data: 'In5301' },
    output: { 'feedetail[]': 'Out5301' },
  },
  '5302': {
    title: '人员定点信息查询',
    input: { data: 'In5302' },
    output: { 'psnfixmedin[]': 'Out5302' },
  },
  '5304': { title: '转院信息查询', input: { data: 'In5304' }, output: { 'refmedin[]': 'Out5304' } },
  '9001': {
    title: '签到',
    input: { signIn: 'In9001model' },
    output: { signinoutb: 'Signinoutb' },
  },
  '9002': {
    title: '签退',
    input: { signOut: 'In9002model' },
    output: { signoutoutb: 'Signoutoutb' },
  },
  '9101': { title: '文件上传', input: { fsUploadIn: 'In9101' }, output: { '': 'Out9101' } },
  '9102': { title: '文件下载', input: { fsDownloadIn: 'FsDownloadIn' }, output: {} },
}

function paged(title: string, input: string, output: string): TransactionNodes {
  return { title, input: { data: input }, output: { 'data[]': output } }
}

function audit(title: string): TransactionNodes {
  return { title, from: '3101', input: { data: 'In3101' }, output: { 'result[]': 'Out3101' } }
}

/** Class by node. A node that ends in [] is a list; the one without a name is the output itself. */
export type NodeClasses = Readonly<Record<string, string>>

type TransactionNodes = {
  title: string
  /** Whose classes they are, where not its own. */
  from?: string
  input: NodeClasses
  output: NodeClasses
}
