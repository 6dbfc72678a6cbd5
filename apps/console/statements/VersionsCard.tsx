import { Link } from '@tanstack/react-router'

import { Moment } from '../../web/Moment.tsx'
import { Fault } from '../list/Fault.tsx'
import { FileChip } from './FileList.tsx'
import type { StatementFile } from './model.ts'
import { useFiles } from './use-statements.ts'
import { useStatementWords } from './words.ts'

const MOST_VERSIONS = 50

/** All that came of one source for one day, the newest first, with what each changed. */
export function VersionsCard({ source, date, shown }: VersionsCardProps) {
  const { t } = useStatementWords()
  const { data, error, refetch } = useFiles({ source, date, limit: MOST_VERSIONS })
  return (
    <section className="card" aria-labelledby="versions-title">
      <h2 id="versions-title">{t('versions')}</h2>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      <ol className="versions">
        {data?.items.map((file) => (
          <li key={file.id}>
            <p>
              {file.id === shown ? (
                <strong>{t('thisOne')}</strong>
              ) : (
                <Link to="/statements/$fileId" params={{ fileId: file.id }}>
                  {file.taken ? t('versionNo', { version: file.taken.version }) : file.name}
                </Link>
              )}{' '}
              <FileChip file={file} /> <Moment at={file.takenAt} form="exact" />
            </p>
            <p className="fine">
              <WhatChanged file={file} />
            </p>
          </li>
        ))}
      </ol>
    </section>
  )
}

function WhatChanged({ file: { taken, refusal } }: { file: StatementFile }) {
  const { t } = useStatementWords()
  if (refusal) return <>{t(`refusals.${refusal.code}`)}</>
  return <>{taken?.changes ? t('changes', taken.changes) : t('first')}</>
}

type VersionsCardProps = { source: string; date: string; shown: string }
