import { useBlocker } from '@tanstack/react-router'
import { Button, Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { useActorName } from '../cases/words.ts'
import { Fault } from '../list/Fault.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ChannelFault } from './ChannelFault.tsx'
import { ChannelTabs } from './ChannelTabs.tsx'
import { DryRun } from './DryRun.tsx'
import type { KeptRules } from './model.ts'
import { RuleList } from './RuleList.tsx'
import { RulesConflict } from './RulesConflict.tsx'
import { RuleSettings } from './RuleSettings.tsx'
import { type RulesEditor, useRulesEditor } from './use-rules-editor.ts'

/** By which rules a channel is chosen: in words, to be changed, and to be tried before they are saved. */
export function RulesPage() {
  const { t } = useTranslation()
  const editor = useRulesEditor()
  const { query, rules } = editor
  usePageTitle(t('channels.rules.title'))
  useBlocker({
    shouldBlockFn: () => editor.isChanged && !window.confirm(t('channels.rules.leave')),
    enableBeforeUnload: () => editor.isChanged,
  })
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('channels.rules.title')}</h1>
      </header>
      <ChannelTabs at="rules" />
      {query.error !== null && <Fault error={query.error} onRetry={() => void query.refetch()} />}
      {!rules && query.error === null && <Skeleton active paragraph={{ rows: 8 }} />}
      {rules && (
        <div className="object">
          <div className="object-main">
            {editor.known && <SaveBar editor={editor} known={editor.known} />}
            <RuleList rules={rules} onChange={editor.change} />
            <RuleSettings rules={rules} onChange={editor.change} />
          </div>
          <div className="object-side">
            <DryRun rules={rules} isChanged={editor.isChanged} />
          </div>
        </div>
      )}
    </div>
  )
}

/** Which version is on the screen, and whether it differs from the one that is kept. */
function SaveBar({ editor, known }: { editor: RulesEditor; known: KeptRules }) {
  const { t } = useTranslation()
  const staff = useStaff()
  const actorName = useActorName()
  const { isChanged, save, discard, isSaving, error, conflict } = editor
  return (
    <section className="card" aria-label={t('channels.rules.version')}>
      <div className="save-bar">
        <div>
          <p>
            {known.version === 0
              ? t('channels.rules.never')
              : t('channels.rules.versionNo', { version: known.version })}
            {isChanged && <strong className="tone-held"> {t('channels.rules.unsaved')}</strong>}
          </p>
          {known.updatedBy && (
            <p className="fine">
              {actorName(known.updatedBy)} · <Moment at={known.updatedAt} form="exact" />
            </p>
          )}
        </div>
        {may(staff, 'keepChannels') ? (
          <div className="field-row">
            <Button disabled={!isChanged || isSaving} onClick={discard}>
              {t('channels.rules.discard')}
            </Button>
            <Button
              type="primary"
              disabled={!isChanged || conflict !== null}
              loading={isSaving}
              onClick={save}
            >
              {t('channels.rules.save')}
            </Button>
          </div>
        ) : (
          <p className="fine">{t('channels.rules.readOnly')}</p>
        )}
      </div>
      {conflict ? (
        <RulesConflict editor={editor} newest={conflict} />
      ) : (
        error !== null && <ChannelFault error={error} />
      )}
    </section>
  )
}
