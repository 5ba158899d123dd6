import { Code } from '@mantine/core';
import { Fragment } from 'react';

/** Words of the server's descriptions: what stands between backticks there is code here. */
export const Prose = ({ text }: { readonly text: string }) =>
  text.split('`').map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other name
    index % 2 === 1 ? <Code key={index}>{part}</Code> : <Fragment key={index}>{part}</Fragment>,
  );
