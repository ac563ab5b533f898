import { FileUp } from 'lucide-react';
import type { DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Dialog } from '@/ui/Dialog';
import { ImportProgress } from './ImportProgress';
import type { ImportState, Refusal } from './importJob';
import type { Imports } from './imports';
import { PreviewPart } from './PreviewPart';
import { FORMATS } from './preview';
import { useChosenFile } from './useChosenFile';
import { usePreview } from './usePreview';

interface ImportDialogProps {
  readonly imports: Imports;
  readonly onClose: () => void;
}

export function ImportDialog({ imports, onClose }: ImportDialogProps) {
  const { t } = useTranslation();
  const state = useStore(imports.store);
  return (
    <Dialog title={t('imports.title')} onClose={onClose}>
      {state.name === 'following' ? (
        <ImportProgress imports={imports} job={state.job} onClose={onClose} />
      ) : (
        <ImportForm imports={imports} state={state} onClose={onClose} />
      )}
    </Dialog>
  );
}

function ImportForm({ imports, state, onClose }: ImportDialogProps & { state: ImportState }) {
  const { t } = useTranslation();
  const file = useChosenFile(() => imports.forget());
  const { chosen, format, choose, changeFormat, map } = file;
  const found = usePreview(imports, file.isKnown ? chosen : null);
  const { preview } = found;

  return (
    <form
      className="import-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen) void imports.send(chosen);
      }}
    >
      <p className="quiet">{t('imports.hint')}</p>
      <FileField file={chosen?.file ?? null} onChoose={choose} />
      <label className="field">
        <span className="field-name">{t('imports.format')}</span>
        <select
          data-testid="import-format"
          value={format}
          onChange={(event) =>
            changeFormat(FORMATS.find((one) => one === event.target.value) ?? format)
          }
        >
          {FORMATS.map((one) => (
            <option key={one} value={one}>
              {t(`imports.formats.${one}`)}
            </option>
          ))}
        </select>
      </label>
      {chosen && preview ? (
        <PreviewPart
          preview={preview}
          mapping={chosen.mapping ?? preview.mapping}
          onMap={format === 'csv' ? map : null}
        />
      ) : null}
      <p className="trouble-line" role="alert">
        <RefusedLine state={state} preview={found.refusal} />
      </p>
      <div className="dialog-actions">
        <button type="button" className="button quiet-button" onClick={onClose}>
          {t('imports.close')}
        </button>
        <button
          type="submit"
          className="button"
          data-testid="import-start"
          disabled={chosen === null || state.name === 'sending'}
        >
          {t('imports.start')}
        </button>
      </div>
    </form>
  );
}

/** What the start was refused for, else what the preview was. */
function RefusedLine({ state, preview }: { state: ImportState; preview: Refusal | null }) {
  if (state.name === 'refused') return <Refused why={state.why} />;
  return preview === null ? null : <Refused why={preview} />;
}

interface FileFieldProps {
  readonly file: File | null;
  readonly onChoose: (file: File | null | undefined) => void;
}

function FileField({ file, onChoose }: FileFieldProps) {
  const { t } = useTranslation();
  const drop = (event: DragEvent) => {
    event.preventDefault();
    onChoose(event.dataTransfer.files[0]);
  };
  return (
    <label className="drop" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <FileUp size={22} aria-hidden />
      {file ? (
        <bdi>{file.name}</bdi>
      ) : (
        <span>
          <strong>{t('imports.choose')}</strong> {t('imports.drop')}
        </span>
      )}
      <input
        type="file"
        className="only-heard"
        data-testid="import-file"
        accept=".txt,.md,.csv,.ics,.json,text/plain,text/csv,text/calendar,application/json"
        onChange={(event) => onChoose(event.target.files?.[0])}
      />
    </label>
  );
}

function Refused({ why }: { why: Refusal }) {
  const { t } = useTranslation();
  if (typeof why === 'string') return t(`imports.${why}`);
  return (
    <>
      {t('imports.refused')} <bdi>{why.message}</bdi>
    </>
  );
}
