import { getRouteApi, Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'

import type { BusinessDate } from '../../../kernel/time.ts'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { useActorName } from '../cases/words.ts'
import { Download } from '../list/Download.tsx'
import { Fault } from '../list/Fault.tsx'
import { Icon } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import { useProviderName } from '../shell/use-names.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { FactsCard, TotalsCard } from './FileFacts.tsx'
import { FileChip } from './FileList.tsx'
import type { StatementFile } from './model.ts'
import { RowList } from './RowList.tsx'
import { VersionsCard } from './VersionsCard.tsx'
import { bytesText, useStatementWords } from './words.ts'

/** One file: what came, what it adds up to or why it was refused, its rows, and what it changed. */
export function FilePage() {
  const { t } = useStatementWords()
  const { fileId } = getRouteApi('/office/statements/$fileId').useParams()
  const { hospitalId } = useStaff()
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/statement-files/{id}',
    { params: { path: { hospitalId, id: fileId } } },
  )
  usePageTitle(data?.name ?? t('title'))
  return (
    <div className="page statement-file">
      <Crumbs file={data} />
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 8 }} />}
      {data && (
        <>
          <Head file={data} />
          {data.refusal && <Refusal refusal={data.refusal} />}
          <div className="object">
            <div className="object-main">
              {data.taken && <TotalsCard file={data} taken={data.taken} />}
              {data.businessDate && (
                <VersionsCard source={data.source} date={data.businessDate} shown={data.id} />
              )}
            </div>
            <div className="object-side">
              <FactsCard file={data} />
            </div>
          </div>
          {data.taken && <RowList key={data.id} file={data} taken={data.taken} />}
        </>
      )}
    </div>
  )
}

function Crumbs({ file }: { file: StatementFile | undefined }) {
  const { t } = useStatementWords()
  const nameOf = useProviderName()
  return (
    <p className="crumbs">
      <Link to="/statements">{t('title')}</Link> <Icon name="right" />{' '}
      {file?.businessDate && (
        <>
          <Link
            to="/statements"
            search={{ source: file.source, date: file.businessDate as BusinessDate }}
          >
            {t('ofDay', { source: nameOf(file.source), date: file.businessDate })}
          </Link>{' '}
          <Icon name="right" />
        </>
      )}
    </p>
  )
}

function Head({ file }: { file: StatementFile }) {
  const { t } = useStatementWords()
  const actorName = useActorName()
  const { hospitalId } = useStaff()
  const path = `/v1/hospitals/${hospitalId}/statement-files/${file.id}`
  return (
    <header className="object-head">
      <div>
        <h1>
          <span className="file-name">{file.name}</span> <FileChip file={file} />
        </h1>
        <ul className="object-facts">
          {file.taken && <li>{t('versionNo', { version: file.taken.version })}</li>}
          <li>{bytesText(file.bytes)}</li>
          <li>
            {t('came')} <Moment at={file.takenAt} form="exact" />
          </li>
          <li>
            {t(`waysOfFile.${file.way}`)} · {actorName(file.takenBy)}
          </li>
        </ul>
      </div>
      <div className="reports">
        <Download path={`${path}/content`}>{t('download.original')}</Download>
        {file.taken && <Download path={`${path}/rows.csv`}>{t('download.rows')}</Download>}
        {file.taken?.changes && (
          <Download path={`${path}/changes.csv`}>{t('download.changes')}</Download>
        )}
      </div>
    </header>
  )
}

/** Why nothing of it counts: in words, and in the hub's own for whoever mends it. */
function Refusal({ refusal }: { refusal: NonNullable<StatementFile['refusal']> }) {
  const { t } = useStatementWords()
  const { code, reason, lineNo } = refusal
  return (
    <section className="card refusal" aria-labelledby="refusal-title">
      <h2 id="refusal-title">
        <Icon name="cross" /> {t('refusal.title')}：{t(`refusals.${code}`)}
        {lineNo !== null && `（${t('refusal.line', { no: lineNo })}）`}
      </h2>
      <p>{t('refusal.kept')}</p>
      <p className="fine">
        {t('refusal.detail')} <code>{code}</code> {reason}
      </p>
    </section>
  )
}
