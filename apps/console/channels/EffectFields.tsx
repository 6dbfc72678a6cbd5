import { useTranslation } from 'react-i18next'

import { oneOf } from '../search/params.ts'
import { CheckGroup } from './CheckGroup.tsx'
import { type DraftProps, EFFECTS } from './rule-draft.ts'
import { TextField } from './TextField.tsx'
import { useChannelName, useChannels } from './use-channels.ts'

/** What the rule does, and with which channels. */
export function EffectFields({ draft, change }: DraftProps) {
  const { t } = useTranslation()
  const nameOf = useChannelName()
  const known = useChannels().data?.items.map(({ name }) => name) ?? []
  const names = [...new Set([...known, ...draft.channels, ...Object.keys(draft.shares)])]
  return (
    <>
      <fieldset className="check-group">
        <legend>{t('channels.rules.effect')}</legend>
        <div className="check-options">
          {EFFECTS.map((each) => (
            <label key={each}>
              <input
                type="radio"
                name="effect"
                value={each}
                checked={draft.effect === each}
                onChange={(event) =>
                  change({ effect: oneOf(EFFECTS, event.target.value) ?? draft.effect })
                }
              />
              {t(`channels.effects.${each}`)}
            </label>
          ))}
        </div>
        <p className="fine">{t(`channels.effectHints.${draft.effect}`)}</p>
      </fieldset>
      {draft.effect === 'share' ? (
        <div className="field-grid">
          {names.map((name) => (
            <TextField
              key={name}
              label={t('channels.rules.shareOf', { channel: nameOf(name) })}
              value={draft.shares[name] ?? ''}
              isNumber
              onChange={(text) => change({ shares: { ...draft.shares, [name]: text } })}
            />
          ))}
        </div>
      ) : (
        <CheckGroup
          legend={t('channels.rules.channels')}
          options={names.map((value) => ({ value, label: nameOf(value) }))}
          chosen={draft.channels}
          onChange={(channels) => change({ channels })}
        />
      )}
      {draft.effect === 'prefer' && (
        <TextField
          label={t('channels.rules.points')}
          hint={t('channels.rules.pointsHint')}
          value={draft.points}
          isNumber
          onChange={(points) => change({ points })}
        />
      )}
    </>
  )
}
