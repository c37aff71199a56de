"""What a spreadsheet says: read behind a guard, recognised, compared, summed up."""
