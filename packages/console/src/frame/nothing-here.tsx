import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Empty } from '../parts/states.tsx';

export const NothingHere = () => (
  <Empty
    title="Nothing here"
    text="This address leads nowhere. What was here may have been deleted or renamed."
    action={
      <Button component={Link} to="/" variant="default">
        To the overview
      </Button>
    }
  />
);
